import type { EmbeddingChoice, EncoderSpec } from "../../core/domain/encoder";
import type { AlignedModality } from "../../core/domain/modality";
import type { ProjectorPair } from "../../core/domain/projector";
import type { Run } from "../../core/domain/run";
import { architectureOf } from "./architecture";
import type { ExportSource } from "./exportSource";

/** Version of the layout of the folder and of `config.json`. */
export const MODEL_FORMAT = 1;

/** Which side is which: a and b of every file name. */
export const SIDES = { a: "image", b: "text" } as const satisfies Record<
  "a" | "b",
  AlignedModality
>;

/** A source with a run that has projectors. */
export interface ModelSource extends ExportSource {
  readonly run: Run;
  readonly projectors: ProjectorPair;
}

/** `config.json`: what the projectors are, what they take, how they came about. */
export function modelConfig(source: ModelSource, versions: Readonly<Record<string, string>>) {
  const { project, run, projectors } = source;
  const sideOf = (side: AlignedModality) => ({
    modality: side,
    encoder: encoderFacts(source.encoders[side], run.recipe.encoders[side]),
    ...architectureOf(projectors[side]),
  });
  return {
    model_type: "projected-dual-encoder",
    format: MODEL_FORMAT,
    name: project.name,
    a: sideOf("image"),
    b: sideOf("text"),
    temperature: 1 / projectors.logitScale,
    method: run.method ?? run.recipe.align.method,
    seed: seedOf(run),
    step: projectors.step,
    run: { id: run.id, name: run.name, device: run.device },
    data_digest: run.dataDigest,
    versions: { ...versions, ...run.versions },
  };
}

/** `preprocessor_a.json`: what the browser did to an item before the encoder saw it. */
export function preprocessorFacts({ preprocessing, preprocessingVersion, files }: EncoderSpec) {
  if (!preprocessing) {
    return { kind: "vectors", note: "The embeddings were imported; nothing was encoded here." };
  }
  const version = preprocessingVersion;
  if (preprocessing.kind === "text") {
    const tokenizer = files.filter(({ role }) => role.startsWith("tokenizer"));
    return { ...preprocessing, version, truncation: preprocessing.maxTokens, tokenizer };
  }
  if (preprocessing.kind !== "image") return { ...preprocessing, version };
  const { mean, std, ...rest } = preprocessing;
  return {
    ...rest,
    resample: preprocessing.resample ?? "bicubic",
    antialias: true, // as Pillow's: computed here, not by the browser's canvas
    version,
    // The same twice: pixels 0 to 255 as we compute, and 0 to 1 as most Python code does.
    pixels_0_to_255: { mean, std },
    image_mean: mean.map((value) => value / 255),
    image_std: std.map((value) => value / 255),
    channels: "RGB",
  };
}

/** Seed of the training whose projectors were kept. */
export function seedOf({ recipe, best, seedResults }: Run): number {
  const kept = seedResults.find(
    (result) => result.best?.step === best?.step && result.best?.score === best?.score,
  );
  return kept?.seed ?? recipe.align.seed;
}

/** Owner and name on the Hugging Face hub, or the nearest thing to it. */
export function repositoryOf({ origin, source, id }: EncoderSpec): string {
  return origin === "hub" && /^[\w.-]+\/[\w.-]+$/.test(source) ? source : id;
}

/** How the weights of an encoder's file are stored. */
export function dtypeOf({ files, origin, source }: EncoderSpec): string {
  if (origin === "vectors") return "unknown";
  const path = files.find(({ role }) => role === "model")?.path ?? "";
  if (/q4|bnb4/.test(path)) return "int4 weights";
  if (/\bw8\b|quantized|int8/.test(path)) return "int8 weights";
  if (/\bw16\b|fp16/.test(path) || /fp16/.test(source)) return "float16 weights";
  return origin === "file" ? "as in the file" : "float32";
}

function encoderFacts(spec: EncoderSpec, { pooling, layer }: EmbeddingChoice) {
  const { id, name, origin, source, revision, license, files } = spec;
  return {
    ...{ id, name, repo: repositoryOf(spec), origin, source, revision, license },
    dtype: dtypeOf(spec),
    pooling: layer === null ? pooling : null,
    layer,
    /** The projector takes the network's own output; nothing is normalised in between. */
    normalize: false,
    preprocess: `preprocessor_${spec.modality === "text" ? "b" : "a"}.json`,
    files: files.map(({ path, sha256 }) => ({ path, sha256 })),
    ...(spec.madeWith && { made_with: spec.madeWith }),
  };
}
