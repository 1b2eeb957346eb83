import { afterEach, describe, expect, it, vi } from "vitest";
import { clipFeatures } from "../../src/core/audio/features";
import { HUB_AUDIO_ENCODERS } from "../../src/core/catalogue/hubAudioEncoders";
import { defaultChoice, type EncoderSpec } from "../../src/core/domain/encoder";
import { row } from "../../src/core/math/matrix";
import { downloadEncoder } from "../../src/engine/encoders/downloadEncoder";
import { FileCache } from "../../src/engine/encoders/fileCache";
import { openEncoder } from "../../src/engine/encoders/openEncoder";
import { workerPlatform } from "../../src/engine/encoders/workerPlatform";
import { sha256 } from "../../src/engine/sha256";
import { wav } from "../support/sounds";
import { TINY_AUDIO_INPUTS, tinyAudioModel, tinyAudioWeights } from "../support/tinyAudioModels";

// The catalogue's audio entries with small networks in their place: download, cache, session,
// features and pooling are the real ones.

const BASE = new URL("/", location.href).href;
const audio = HUB_AUDIO_ENCODERS.flatMap((spec) =>
  spec.preprocessing?.kind === "audio" && spec.preprocessing.features.kind !== "log-mel"
    ? [{ spec, preprocessing: spec.preprocessing, kind: spec.preprocessing.features.kind }]
    : [],
);

afterEach(() => vi.unstubAllGlobals());

describe.each(audio)("$spec.name", ({ spec, preprocessing, kind }) => {
  it("is downloaded, opened, and gives the mean of its features of each clip", async () => {
    const bytes = tinyAudioModel(spec, preprocessing);
    const pinned = await downloaded(spec, bytes);
    const platform = workerPlatform(BASE);
    const opened = await openEncoder(pinned, defaultChoice(pinned), "wasm", platform);
    try {
      if (opened.modality !== "audio") throw new Error("not an audio encoder");
      const { sampleRate } = preprocessing;
      const clips = [tone(1.25, sampleRate), tone(0.5, sampleRate)];
      const files = clips.map((clip) => wavOf(clip, sampleRate));
      const both = await opened.encoder.encode(files);
      expect([both.rows, both.cols]).toEqual([2, spec.width]);
      clips.forEach((clip, i) => {
        const expected = reference(spec, kind, clipFeatures(clip, preprocessing));
        const worst = Math.max(...expected.map((x, d) => Math.abs(x - row(both, i)[d]!)));
        expect(worst).toBeLessThan(1e-3 * Math.max(1, ...expected.map(Math.abs)));
      });
      const alone = await opened.encoder.encode(files.slice(0, 1));
      expect([...alone.data]).toEqual([...row(both, 0)]);
    } finally {
      await opened.encoder.release();
    }
  });
});

/** The entry after its download from a hub that serves `bytes` as its model. */
async function downloaded(spec: EncoderSpec, bytes: Uint8Array<ArrayBuffer>): Promise<EncoderSpec> {
  const [model] = spec.files;
  if (!model) throw new Error("no model");
  const real = globalThis.fetch;
  vi.stubGlobal("fetch", async (url: string | URL | Request, options?: RequestInit) =>
    String(url).includes("/hub/") ? new Response(bytes) : real(url, options),
  );
  const tiny = {
    ...spec,
    id: `tiny-${spec.id}`,
    files: [{ ...model, sizeBytes: bytes.length, sha256: await sha256(bytes) }],
  };
  return downloadEncoder(tiny, {
    hub: "/hub",
    base: BASE,
    cache: new FileCache(caches, BASE),
    signal: new AbortController().signal,
    report: () => {},
  });
}

/** What the tiny network must give for one clip, pooled: [D]. */
function reference(
  spec: EncoderSpec,
  kind: keyof typeof TINY_AUDIO_INPUTS,
  { data, heard }: ReturnType<typeof clipFeatures>,
): number[] {
  const inputs = TINY_AUDIO_INPUTS[kind];
  const means = new Float64Array(inputs);
  const whole = 320 * Math.floor(data.length / 320);
  if (kind === "waveform") means[0] = data.slice(0, whole).reduce((a, b) => a + b * b, 0) / whole;
  else if (kind === "whisper") {
    const frames = 2 * Math.ceil((heard?.samples ?? 0) / 320);
    means.forEach((_, b) => {
      means[b] = data.slice(b * 3000, b * 3000 + frames).reduce((a, x) => a + x, 0) / frames;
    });
  } else
    data.forEach((x, i) => (means[i % inputs] = means[i % inputs]! + (x * inputs) / data.length));
  const weights = tinyAudioWeights(spec, kind);
  return Array.from({ length: spec.width }, (_, d) =>
    means.reduce((sum, value, b) => sum + value * weights[b * spec.width + d]!, 0),
  );
}

/** A rising tone that fades in, on 16-bit steps, so that a WAV holds it exactly. */
function tone(seconds: number, rate: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: Math.round(seconds * rate) }, (_, i) => {
    const t = i / rate;
    return Math.round(16_000 * t * Math.sin(2 * Math.PI * (200 + 500 * t) * t)) / 32_768;
  });
}

function wavOf(samples: Float32Array, rate: number): Blob {
  const bytes = wav(samples.length / rate, { rate });
  new Int16Array(bytes.buffer, 44).set(samples.map((x) => x * 32_768));
  return new Blob([bytes], { type: "audio/wav" });
}
