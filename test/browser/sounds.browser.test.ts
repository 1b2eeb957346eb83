import { describe, expect, it } from "vitest";
import { startEncodeWorker } from "../../src/app/startWorkers";
import { HUB_AUDIO_ENCODERS } from "../../src/core/catalogue/hubAudioEncoders";
import { defaultChoice } from "../../src/core/domain/encoder";
import { AppError } from "../../src/core/errors";
import { decodeSound, type DecodedSound } from "../../src/engine/encoders/decodeSound";
import { FileCache } from "../../src/engine/encoders/fileCache";
import { sha256 } from "../../src/engine/sha256";
import { openStores } from "../../src/storage/openStores";
import { flacHeader, mp3, mp4, ogg } from "../support/sounds";
import { tinyAudioModel } from "../support/tinyAudioModels";

async function sound(name: string): Promise<Blob> {
  return (await fetch(new URL(`../fixtures/sounds/${name}`, import.meta.url))).blob();
}

const decode = async (name: string) => decodeSound(await sound(name));

/** Seconds at which the tone begins: where the level first passes a fifth of its peak. */
function onset({ samples, rate }: DecodedSound): number {
  const peak = samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return samples.findIndex((x) => Math.abs(x) > peak / 5) / rate;
}

/** Root mean square from 0.1 to 0.18 s, where the tone is even. */
function level({ samples, rate }: DecodedSound): number {
  const even = samples.subarray(Math.floor(0.1 * rate), Math.floor(0.18 * rate));
  return Math.sqrt(even.reduce((sum, x) => sum + x ** 2, 0) / even.length);
}

/** A live track of a tone, as from a microphone; Chromium's own interface, untyped. */
function generatedTone(): MediaStreamTrack {
  type Generator = MediaStreamTrack & { readonly writable: WritableStream<AudioData> };
  const { MediaStreamTrackGenerator } = globalThis as unknown as {
    MediaStreamTrackGenerator: new (options: { kind: "audio" }) => Generator;
  };
  const track = new MediaStreamTrackGenerator({ kind: "audio" });
  const writer = track.writable.getWriter();
  const frames = 480; // 10 ms
  let at = 0;
  const timer = setInterval(() => {
    if (track.readyState === "ended") return clearInterval(timer);
    const data = Float32Array.from({ length: frames }, (_, i) => 0.5 * Math.sin((at + i) / 15));
    const timestamp = Math.round((at / 48_000) * 1e6);
    const shape = { format: "f32", sampleRate: 48_000, numberOfChannels: 1 } as const;
    void writer.write(new AudioData({ ...shape, numberOfFrames: frames, timestamp, data }));
    at += frames;
  }, 10);
  return track;
}

async function refusal(bytes: BlobPart): Promise<string> {
  const outcome: unknown = await decodeSound(new Blob([bytes])).catch((error: unknown) => error);
  return outcome instanceof AppError ? outcome.code : "decoded";
}

describe("decoding in the browser", () => {
  // A tone of amplitude 0.5 that starts at 0.05 s and ends at 0.2 s: its level is 0.5 / √2.
  it.each([
    ["tone-s16.wav", 8_000, 0.2],
    ["tone.flac", 16_000, 0.2],
    ["tone-opus.ogg", 48_000, 0.2], // also says that the 312 samples of pre-skip are gone
    ["tone-vorbis.ogg", 22_050, 0.2],
    ["tone.m4a", 44_100, 0.209], // whole packets
    ["tone.webm", 48_000, 0.2135],
    ["film.webm", 48_000, 0.2135],
  ])("gives the tone of %s where it is", async (name, rate, seconds) => {
    const decoded = await decode(name);
    expect(decoded.rate).toBe(rate);
    expect(decoded.samples.length / rate).toBeCloseTo(seconds, 3);
    expect(onset(decoded)).toBeCloseTo(0.05, 2);
    expect(level(decoded)).toBeCloseTo(0.354, 2);
  });

  it.each([
    ["tone.mp3", 0.336], // 64 kbit/s take a little
    ["tone.aac", 0.354],
  ])(
    "gives %s with the delay of its encoder, which the file does not state",
    async (name, loud) => {
      const decoded = await decode(name);
      expect(onset(decoded)).toBeGreaterThan(0.07);
      expect(onset(decoded)).toBeLessThan(0.08);
      expect(level(decoded)).toBeCloseTo(loud, 2);
    },
  );

  it("averages the six channels of 5.1", async () => {
    expect(level(await decode("tone-surround.flac"))).toBeCloseTo((0.354 * 3.5) / 6, 3);
  });

  it("decodes what a microphone's recorder gives: WebM without a duration", async () => {
    const track = generatedTone();
    const recorder = new MediaRecorder(new MediaStream([track]));
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    await new Promise((resolve) => setTimeout(resolve, 600));
    recorder.stop();
    await stopped;
    track.stop();
    const { samples, rate } = await decodeSound(new Blob(parts, { type: recorder.mimeType }));
    expect(samples.length / rate).toBeGreaterThan(0.2);
    expect(samples.some((x) => Math.abs(x) > 0.2)).toBe(true);
  }, 20_000);
});

describe("what the browser cannot decode", () => {
  it("is refused by what its header states, before anything is decoded", async () => {
    const hours = 3 * 3600;
    expect(await refusal(flacHeader(hours * 44_100))).toBe("sound/too-long");
    expect(await refusal(ogg("opus", hours * 48_000))).toBe("sound/too-long");
    expect(await refusal(mp4("soun", hours))).toBe("sound/too-long");
  });

  it("holds no sound", async () => {
    expect(await refusal(await sound("silent-film.webm"))).toBe("sound/no-sound");
    expect(await refusal(mp4("vide", 2))).toMatch(/sound\/(no-sound|unreadable)/);
  });

  it("is too short", async () => {
    expect(await refusal(mp3(2))).toBe("sound/too-short");
  });

  it("never ends in anything but a sound or a reason, however it is cut off or damaged", async () => {
    const names = ["tone.mp3", "tone-opus.ogg", "tone-vorbis.ogg", "tone.m4a", "tone.flac"];
    for (const name of [...names, "tone.webm", "tone.aac", "tone-s16.wav"]) {
      const bytes = new Uint8Array(await (await sound(name)).arrayBuffer());
      for (const share of [0, 0.02, 0.3, 0.7]) {
        const cut = bytes.slice(0, Math.floor(bytes.length * share));
        expect(await refusal(cut), `${name} to ${share}`).toMatch(/^(decoded|sound\/)/);
      }
      for (const at of [8, 30, 60, Math.floor(bytes.length / 2)]) {
        const damaged = bytes.map((byte, i) => (i >= at && i < at + 24 ? byte ^ 0xa5 : byte));
        expect(await refusal(damaged), `${name} at ${at}`).toMatch(/^(decoded|sound\/)/);
      }
    }
    expect(await refusal("")).toBe("sound/unreadable");
    expect(await refusal("not a recording, but a text")).toBe("sound/unreadable");
  });
});

/** Puts a small network where the worker looks for a downloaded one. */
async function smallEncoder() {
  const spec = HUB_AUDIO_ENCODERS.find(
    ({ preprocessing }) =>
      preprocessing?.kind === "audio" && preprocessing.features.kind === "whisper",
  );
  const [model] = spec?.files ?? [];
  if (!spec || !model || spec.preprocessing?.kind !== "audio") throw new Error("no such encoder");
  const bytes = tinyAudioModel(spec, spec.preprocessing);
  const file = { ...model, sizeBytes: bytes.length, sha256: await sha256(bytes) };
  const small = { ...spec, id: "small-whisper", revision: "1", files: [file] };
  const cache = new FileCache(caches, new URL("/", location.href).href);
  await cache.put(cache.address(small, file), bytes);
  await (await openStores()).encoders.put(small);
  return small;
}

describe("a sound as a query", () => {
  it("is decoded and encoded in the worker, a recording without the silence around it", async () => {
    const small = await smallEncoder();
    const worker = startEncodeWorker();
    const call = (inputs: readonly { audio: Blob; trim?: true }[]) =>
      worker.call("encodeQuery", { choice: defaultChoice(small), device: "wasm", inputs });
    const tone = await sound("tone-opus.ogg");
    const quiet = new Blob([
      padded(new Uint8Array(await (await sound("us-1f600.wav")).arrayBuffer())),
    ]);
    const { vectors, rows, cols } = await call([
      { audio: tone },
      { audio: quiet },
      { audio: quiet, trim: true },
    ]);
    expect([rows, cols]).toEqual([3, small.width]);
    expect(vectors.every(Number.isFinite)).toBe(true);
    const [whole, trimmed] = [vectors.slice(cols, 2 * cols), vectors.slice(2 * cols)];
    expect(trimmed).not.toEqual(whole);
    await expect(call([{ audio: await sound("silent-film.webm") }])).rejects.toMatchObject({
      code: "sound/no-sound",
    });
    worker.close();
  });
});

/** A 16-bit WAV at 16 kHz with a second of silence before and after its sound. */
function padded(wav: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(wav.length + 64_000);
  bytes.set(wav.subarray(0, 44));
  bytes.set(wav.subarray(44), 44 + 32_000);
  const view = new DataView(bytes.buffer);
  view.setUint32(4, bytes.length - 8, true);
  view.setUint32(40, bytes.length - 44, true);
  return bytes;
}
