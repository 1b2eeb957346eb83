import { PYTHON_LINES } from "../../core/catalogue/pythonLines";
import type { AlignedModality } from "../../core/domain/modality";
import type { Projector } from "../../core/domain/projector";
import type { EmbeddingExport } from "../../core/domain/takeAway";
import { csvOf, jsonOf, measured, resultFiles } from "../../core/formats/resultFiles";
import { writeSafetensors } from "../../core/formats/safetensors";
import { architectureOf } from "./architecture";
import { idsFile, npyFile, parquetFile, type OutgoingEmbeddings } from "./embeddingFiles";
import { encodedItems, type ExportSource } from "./exportSource";
import { modelCard } from "./modelCard";
import {
  MODEL_FORMAT,
  modelConfig,
  preprocessorFacts,
  seedOf,
  SIDES,
  type ModelSource,
} from "./modelConfig";
import { onnxProjector } from "./onnxProjector";
import { fileOfBytes, fileOfText, type OutgoingFile } from "./outgoingFile";
import type { ManifestEntry } from "./packFiles";
import { pairRows, splitRows } from "./pairTables";
import { parityText, type ParitySide } from "./parity";
import { LOAD_ALIGNED } from "./pythonLoader";
import { torchTensors } from "./torchTensors";

/** What the folder is made from beside the source. */
export interface ModelFileOptions {
  readonly versions: Readonly<Record<string, string>>;
  readonly parity: Readonly<Record<AlignedModality, ParitySide>>;
  readonly embeddings: EmbeddingExport;
  /** Vectors of a side, read when its file is written. */
  readonly vectors: Readonly<Record<AlignedModality, OutgoingEmbeddings>>;
  /** Captions in CSV without the guard against formulas. */
  readonly isRaw: boolean;
}

/** Every file of `<project>-aligned.zip` but its manifest, in the order a reader opens them. */
export function modelFiles(source: ModelSource, options: ModelFileOptions): OutgoingFile[] {
  const { versions, parity } = options;
  const figures = { image: parity.image.figure, text: parity.text.figure };
  const json = (path: string, value: unknown) => textFileOf(path, jsonOf(value));
  const { run, project } = source;
  const own = resultFiles(run, project).filter(({ name }) => !name.startsWith("results."));
  return [
    fileOfText("README.md", modelCard(source, figures)),
    json("config.json", modelConfig(source, versions)),
    ...projectorFiles(source, versions),
    json("preprocessor_a.json", preprocessorFacts(source.encoders.image)),
    json("preprocessor_b.json", preprocessorFacts(source.encoders.text)),
    fileOfText("load_aligned.py", LOAD_ALIGNED),
    fileOfText("parity.json", parityText(parity)),
    json("metrics.json", { seed: seedOf(run), ...measured(run, project) }),
    ...own.map((file) => textFileOf(file.name, file)),
    ...dataFiles(source, options),
  ];
}

/** Pairs, splits and, where asked for, embeddings: what a project has before any run. */
export function dataFiles(
  source: ExportSource,
  options: Pick<ModelFileOptions, "embeddings" | "vectors" | "isRaw">,
): OutgoingFile[] {
  return [
    textFileOf("pairs.csv", csvOf(pairRows(source), options)),
    textFileOf("split.csv", csvOf(splitRows(source), options)),
    ...embeddingFiles(source, options),
  ];
}

/** `manifest.json`: what stands beside it, with size and SHA-256. */
export function manifestFile(
  entries: readonly ManifestEntry[],
  nonFinite: number,
  facts: { readonly created: string; readonly name: string },
): OutgoingFile {
  const { text } = jsonOf({
    format: MODEL_FORMAT,
    ...facts,
    non_finite: nonFinite,
    files: entries,
  });
  return fileOfText("manifest.json", text);
}

/** The weights of a projector as safetensors. */
export function safetensorsOf(projector: Projector): Uint8Array<ArrayBuffer> {
  const { head } = architectureOf(projector);
  const metadata = { format: "pt", head, modality: projector.modality };
  return writeSafetensors(torchTensors(projector), metadata);
}

function projectorFiles(
  { projectors, project }: ModelSource,
  versions: ModelFileOptions["versions"],
): OutgoingFile[] {
  const facts = {
    producer: "Alignment Playground",
    version: versions["playground"] ?? "",
    notes: `${project.name}\n\n${PYTHON_LINES.onnx}`,
  };
  return (["a", "b"] as const).flatMap((side) => {
    const projector = projectors[SIDES[side]];
    return [
      fileOfBytes(`projector_${side}.safetensors`, [safetensorsOf(projector)]),
      fileOfBytes(`projector_${side}.onnx`, onnxProjector(projector, facts)),
    ];
  });
}

function embeddingFiles(
  source: ExportSource,
  options: Pick<ModelFileOptions, "embeddings" | "vectors">,
): OutgoingFile[] {
  const { embeddings, vectors } = options;
  if (embeddings === "none") return [];
  const sides = (["a", "b"] as const).filter((side) => vectors[SIDES[side]].items.length > 0);
  if (embeddings === "parquet") {
    return sides.map((side) => parquetFile(`embeddings/${side}.parquet`, vectors[SIDES[side]]));
  }
  const type = embeddings === "f16" ? "f2" : "f4";
  return [
    ...sides.map((side) => npyFile(`embeddings/${side}.npy`, vectors[SIDES[side]], type)),
    idsFile("embeddings/ids.parquet", {
      a: encodedItems(source, "image"),
      b: encodedItems(source, "text"),
    }),
  ];
}

const textFileOf = (path: string, { text, nonFinite }: { text: string; nonFinite: number }) =>
  fileOfText(path, text, nonFinite);
