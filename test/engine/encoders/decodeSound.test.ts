import { readFile } from "node:fs/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ErrorCode } from "../../../src/core/errors";
import { probeSounds } from "../../../src/engine/encoders/probeItems";
import { decodeSound } from "../../../src/engine/encoders/decodeSound";
import { flacHeader, wav } from "../../support/sounds";

const fixture = async (name: string) =>
  new Blob([await readFile(new URL(`../../fixtures/sounds/${name}`, import.meta.url))]);

/** The code a file is refused with, and what is said of it. */
async function refusal(blob: Blob, options = {}): Promise<{ code: ErrorCode; detail: string }> {
  const thrown: unknown = await decodeSound(blob, options).catch((error: unknown) => error);
  return thrown as { code: ErrorCode; detail: string };
}

/** A WAV of 16-bit samples with one field of its header written over. */
function damaged(at: number, value: number, bytes: 2 | 4): Blob {
  const file = wav(0.5);
  const view = new DataView(file.buffer);
  if (bytes === 2) view.setUint16(at, value, true);
  else view.setUint32(at, value, true);
  return new Blob([file]);
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("decoding WAV without any decoder of the browser", () => {
  it.each([
    ["tone-u8.wav", 16_000, 0.5],
    ["tone-s16.wav", 8_000, 0.5],
    ["tone-s24.wav", 8_000, 0.5],
    ["tone-s32.wav", 4_000, 0.5],
    ["tone-f32.wav", 4_000, 0.5],
    ["tone-stereo.wav", 4_000, 0.375], // the second channel is half as loud
  ])("reads every sample of %s", async (name, rate, peak) => {
    const decoded = await decodeSound(await fixture(name));
    expect(decoded.rate).toBe(rate);
    expect(decoded.samples.length).toBe(rate * 0.2);
    decoded.samples.forEach((sample, i) => {
      const exact = i < rate * 0.05 ? 0 : peak * Math.sin((2 * Math.PI * 500 * i) / rate);
      expect(Math.abs(sample - exact)).toBeLessThan(name === "tone-u8.wav" ? 0.01 : 1e-4);
    });
  });

  it("reads the probe recordings, of a second each", async () => {
    const decoded = await Promise.all(probeSounds().map((blob) => decodeSound(blob)));
    expect(decoded.map(({ samples, rate }) => samples.length / rate)).toEqual([1, 1]);
  });

  it("believes the samples, not a header that states the largest size there is", async () => {
    const { samples, rate } = await decodeSound(new Blob([wav(1, { statedBytes: 0xffff_ffff })]));
    expect(samples.length / rate).toBeCloseTo(1, 2);
  });
});

describe("what cannot be decoded", () => {
  it("is unreadable: no bytes, noise, half a header, another kind of file", async () => {
    const noise = Uint8Array.from({ length: 5000 }, (_, i) => (i * 197 + 31) % 251);
    for (const bytes of [
      new Uint8Array(0),
      noise,
      wav(1).slice(0, 20),
      Uint8Array.of(0x89, 0x50),
    ]) {
      expect((await refusal(new Blob([bytes]))).code, `${bytes.length} bytes`).toBe(
        "sound/unreadable",
      );
    }
  });

  it("is unreadable: impossible rates, no channels, no bits, an unknown coding", async () => {
    for (const [at, value, bytes] of [
      [24, 0, 4],
      [24, 3, 4],
      [24, 2_000_000, 4],
      [22, 0, 2],
      [34, 0, 2],
      [20, 0x6771, 2],
    ] as const) {
      const { code } = await refusal(damaged(at, value, bytes));
      expect(["sound/unreadable", "sound/too-long", "sound/too-short"], `byte ${at}`).toContain(
        code,
      );
    }
  });

  it("is unreadable: samples that are no numbers", async () => {
    const file = await (await fixture("tone-f32.wav")).arrayBuffer();
    new DataView(file).setFloat32(file.byteLength - 8, Number.NaN, true);
    expect((await refusal(new Blob([file]))).detail).toContain("no numbers");
  });

  it("is too short: no samples at all, and 0.05 s", async () => {
    for (const seconds of [0, 0.05]) {
      expect((await refusal(new Blob([wav(seconds)]))).code).toBe("sound/too-short");
    }
    expect((await decodeSound(new Blob([wav(0.1)]))).samples.length).toBe(800);
  });

  it("is too long: more than ten minutes, by the header", async () => {
    expect(await refusal(new Blob([wav(661, { rate: 1000 })]))).toMatchObject({
      code: "sound/too-long",
      detail: "11 minutes",
    });
    expect((await refusal(new Blob([flacHeader(3 * 3600 * 44_100)]))).detail).toBe("180 minutes");
  });

  it("is a film without a sound track", async () => {
    expect((await refusal(await fixture("silent-film.webm"))).code).toBe("sound/no-sound");
  });

  it("names the codec where the browser has no decoder for it", async () => {
    expect((await refusal(await fixture("tone.mp3"))).detail).toContain("“mp3”");
    vi.stubGlobal("AudioDecoder", {
      isConfigSupported: () => Promise.resolve({ supported: false }),
    });
    expect((await refusal(await fixture("tone.m4a"))).detail).toBe(
      "this browser does not decode “mp4a.40.2”",
    );
  });

  it("gives up on a decoder that hangs", async () => {
    vi.stubGlobal(
      "AudioDecoder",
      class {
        static isConfigSupported = () => Promise.resolve({ supported: true });
        decodeQueueSize = 0;
        configure() {}
        decode() {}
        flush = () => new Promise(() => {});
        close() {}
      },
    );
    vi.stubGlobal("EncodedAudioChunk", class {});
    expect(await refusal(await fixture("tone.mp3"), { stallMs: 50 })).toMatchObject({
      code: "sound/unreadable",
      detail: "the decoder gave nothing for 0.05 s",
    });
  });
});
