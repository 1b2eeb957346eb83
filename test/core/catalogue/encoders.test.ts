import { describe, expect, it } from "vitest";
import type { AudioFeatureKind } from "../../../src/core/domain/audioPreprocessing";
import { ENCODERS, encoderById } from "../../../src/core/catalogue/encoders";
import { downloadBytes } from "../../../src/core/domain/encoder";

const hub = ENCODERS.filter(({ origin }) => origin === "hub");
const each = ENCODERS.map((encoder) => [encoder.id, encoder] as const);

it("gives every encoder an id and a name of its own", () => {
  expect(new Set(ENCODERS.map(({ id }) => id)).size).toBe(ENCODERS.length);
  expect(new Set(ENCODERS.map(({ name }) => name)).size).toBe(ENCODERS.length);
});

it("pins every embedded file, and claims nothing of a file that never ran here", () => {
  for (const { files, verified } of ENCODERS.filter(({ origin }) => origin === "embedded")) {
    expect(verified).toBe(true);
    for (const file of files) expect(file).toMatchObject({ sizeBytes: expect.any(Number) });
  }
  for (const { verified, parityPath } of hub) expect([verified, parityPath]).toEqual([false, null]);
});

it("tells the size of every download before anything is asked of the hub", () => {
  for (const encoder of hub) {
    expect(downloadBytes(encoder)).toBeGreaterThan(1_000_000);
    expect(downloadBytes(encoder)).toBeLessThan(400_000_000); // what a 32-bit wasm heap takes well
  }
});

describe.each(each)("%s", (_id, encoder) => {
  it("names revision, digests and paths in the form the download expects", () => {
    if (encoder.origin === "hub") expect(encoder.revision).toMatch(/^(main|[0-9a-f]{40})$/);
    for (const { path, sha256 } of encoder.files) {
      expect(sha256 ?? "0".repeat(64)).toMatch(/^[0-9a-f]{64}$/);
      expect(path).not.toMatch(/^\/|\.\.|:/);
    }
  });

  it("has the files its modality needs", () => {
    const roles = encoder.files.map(({ role }) => role).sort();
    expect(roles).toEqual(
      encoder.modality === "text" ? ["model", "tokenizer", "tokenizer-config"] : ["model"],
    );
  });

  it("offers at least one pooling and preprocesses for its own modality", () => {
    expect(Object.keys(encoder.outputs).length).toBeGreaterThan(0);
    expect(encoder.preprocessing?.kind).toBe(encoder.modality);
    const { preprocessing } = encoder;
    if (preprocessing?.kind !== "image") return;
    for (const deviation of preprocessing.std) expect(deviation).toBeGreaterThan(0);
    if (preprocessing.fit === "crop") {
      expect(preprocessing.resize).toBeGreaterThanOrEqual(preprocessing.size);
    }
  });
});

const FEATURE_RATES: Partial<Record<AudioFeatureKind, number>> = {
  whisper: 16_000,
  "kaldi-fbank": 16_000,
  clap: 48_000,
  waveform: 16_000,
};

it("feeds every audio network at the rate its features are made for", () => {
  const kinds = hub.flatMap(({ preprocessing }) => {
    if (preprocessing?.kind !== "audio" || preprocessing.features.kind === "log-mel") return [];
    const { kind } = preprocessing.features;
    expect(preprocessing.sampleRate).toBe(FEATURE_RATES[kind]);
    return [kind];
  });
  expect(new Set(kinds)).toEqual(new Set(Object.keys(FEATURE_RATES)));
});

it("does not find what it does not list", () => {
  expect(() => encoderById("gpt-7")).toThrow(expect.objectContaining({ code: "encoder/missing" }));
});
