import {
  boolean,
  count,
  dictionary,
  digest,
  either,
  fields,
  list,
  nullable,
  number,
  oneOf,
  optional,
  refuse,
  text,
  uuid,
  type Shape,
} from "../formats/shape";
import {
  SPLITS,
  type ColumnMapping,
  type ImportIssue,
  type ImportReport,
  type Item,
  type Pair,
  type SplitSpec,
} from "./dataset";
import type { Edit } from "./edit";
import {
  POOLINGS,
  type EmbeddingChoice,
  type EncoderFile,
  type EncoderLayer,
  type EncoderOutput,
  type EncoderSpec,
  type ImagePreprocessing,
  type MadeWith,
  type TextPreprocessing,
} from "./encoder";
import { FORMAT_IDS } from "./importFormat";
import { ALIGNED_MODALITIES, MEDIA_MODALITIES, MODALITIES, type Modality } from "./modality";
import type { Project, ProjectData } from "./project";
import type { GalleryFilter, QueryTerm, SavedQuery, ScoreSettings } from "./query";

const splitCounts = fields<ImportReport["splits"]>({
  train: count,
  validation: count,
  test: count,
});

const splitSpec = fields<SplitSpec>({
  group: text,
  validation: number,
  test: number,
  seed: number,
});

const issue = fields<ImportIssue>({
  kind: oneOf(["skipped", "flagged", "unpaired"]),
  where: text,
  reason: text,
  remedy: text,
});

const report = fields<ImportReport>({
  rows: count,
  used: count,
  skipped: count,
  items: fields<Record<Modality, number>>({ image: count, text: count, audio: count }),
  pairs: count,
  groups: count,
  splits: splitCounts,
  splitSource: oneOf(["column", "drawn"]),
  issues: list(issue),
  elapsedMs: number,
});

const mapping: Shape<ColumnMapping> = list(
  fields<ColumnMapping[number]>({
    column: text,
    role: oneOf([
      ...(["file", "caption", "group", "split", "label", "ignore"] as const),
      ...(["image-vectors", "text-vectors"] as const),
    ]),
  }),
);

const tagging = fields<Extract<Edit, { tag: string }>>({
  kind: oneOf(["tag", "untag"]),
  pairs: list(count),
  tag: text,
});

const EDITS: Readonly<Record<Edit["kind"], Shape<Edit>>> = {
  exclude: fields({ kind: oneOf(["exclude"]), pairs: list(count), reason: text }),
  include: fields({ kind: oneOf(["include"]), pairs: list(count), reasons: list(text) }),
  caption: fields({ kind: oneOf(["caption"]), pair: count, from: count, to: count }),
  captions: fields({
    kind: oneOf(["captions"]),
    pairs: list(count),
    from: list(count),
    to: list(count),
  }),
  tag: tagging,
  untag: tagging,
  resplit: fields({
    kind: oneOf(["resplit"]),
    pairs: list(count),
    groups: list(text),
    splits: list(oneOf(SPLITS)),
    before: fields({ spec: splitSpec, source: oneOf(["column", "drawn"]) }),
  }),
};

const edit: Shape<Edit> = (value, path) => {
  const kinds = Object.keys(EDITS) as Edit["kind"][]; // the table's only keys
  const { kind } = fields<Pick<Edit, "kind">>({ kind: oneOf(kinds) })(value, path);
  return EDITS[kind](value, path);
};

/** An encoder, a pooling and a layer. */
export const embeddingChoice = fields<EmbeddingChoice>({
  id: text,
  pooling: oneOf(POOLINGS),
  layer: nullable(text),
});

const projectData = fields<ProjectData>({
  digest,
  source: text,
  format: oneOf(FORMAT_IDS),
  media: oneOf(MEDIA_MODALITIES),
  mapping,
  split: splitSpec,
  report,
  labelColumns: list(text),
  sizeBytes: count,
  excludedPairs: optional(count),
  vectors: optional(fields({ image: text, text })),
  edits: list(edit),
});

const weighted = { weight: number };
const queryTerm: Shape<QueryTerm> = either(
  fields<Extract<QueryTerm, { kind: "words" }>>({ kind: oneOf(["words"]), text, ...weighted }),
  fields<Extract<QueryTerm, { kind: "item" }>>({
    kind: oneOf(["item"]),
    modality: oneOf(ALIGNED_MODALITIES),
    digest: text,
    ...weighted,
  }),
);

const savedQuery = fields<SavedQuery>({
  id: text,
  name: text,
  terms: list(queryTerm),
  target: oneOf(ALIGNED_MODALITIES),
  scores: fields<ScoreSettings>({ centred: boolean, csls: boolean }),
  filter: fields<GalleryFilter>({
    splits: list(oneOf(SPLITS)),
    labels: optional(dictionary(list(text))),
    tags: optional(list(text)),
  }),
});

/** A project's record. */
export const projectShape = fields<Project>({
  id: uuid,
  name: text,
  createdAt: number,
  updatedAt: number,
  data: nullable(projectData),
  encoders: fields<Project["encoders"]>({ image: embeddingChoice, text: embeddingChoice }),
  queryRunId: nullable(text),
  savedQueries: optional(list(savedQuery)),
});

/** Items of one modality; captions have their text, and nothing else does. */
export function itemsShape(modality: Modality): Shape<Item[]> {
  const item = fields<Item>({
    modality: oneOf([modality]),
    digest,
    source: text,
    text: optional(text),
    width: optional(count),
    height: optional(count),
    durationMs: optional(number),
    look: optional(text),
    labels: optional(dictionary(text)),
  });
  return list((value, path) => {
    const checked = item(value, path);
    const hasText = checked.text !== undefined;
    if (hasText === (modality === "text")) return checked;
    return refuse(`${path}.text`, modality === "text" ? "a text" : "nothing", checked.text);
  });
}

/** Pairs of a project that has so many items of each modality. */
export function pairsShape(items: Readonly<Record<Modality, number>>): Shape<Pair[]> {
  const pair = fields<Pair>({
    image: optional(count),
    text: optional(count),
    audio: optional(count),
    group: text,
    split: oneOf(SPLITS),
    row: text,
    excluded: optional(text),
    tags: optional(list(text)),
  });
  return list((value, path) => {
    const checked = pair(value, path);
    for (const modality of MODALITIES) {
      const index = checked[modality];
      if (index === undefined || index < items[modality]) continue;
      return refuse(`${path}.${modality}`, `the number of one of ${items[modality]} items`, index);
    }
    return checked;
  });
}

const encoderFile = fields<EncoderFile>({
  role: oneOf(["model", "model-data", "tokenizer", "tokenizer-config"]),
  path: text,
  sizeBytes: nullable(count),
  sha256: nullable(digest),
  listedBytes: optional(count),
});

const threeNumbers: Shape<readonly [number, number, number]> = (value, path) => {
  const [r = 0, g = 0, b = 0, ...rest] = list(number)(value, path);
  return rest.length === 0 ? [r, g, b] : refuse(path, "three numbers", value);
};

const imagePreprocessing = fields<ImagePreprocessing>({
  kind: oneOf(["image"]),
  size: count,
  fit: oneOf(["squash", "crop", "pad"]),
  resize: optional(count),
  resample: optional(oneOf(["bicubic", "bilinear"])),
  mean: threeNumbers,
  std: threeNumbers,
  input: text,
});

const textPreprocessing = fields<TextPreprocessing>({
  kind: oneOf(["text"]),
  maxTokens: count,
  prefix: optional(text),
  padTo: optional(count),
});

const output: Shape<EncoderOutput> = either(
  text,
  fields<Exclude<EncoderOutput, string>>({ tokens: text, hasCls: boolean }),
);

/** Encoders beyond the catalogue. */
export const encodersShape: Shape<EncoderSpec[]> = list(
  fields<EncoderSpec>({
    id: text,
    name: text,
    modality: oneOf(MODALITIES),
    origin: oneOf(["embedded", "hub", "file", "vectors"]),
    verified: boolean,
    summary: text,
    source: text,
    revision: text,
    license: text,
    parameters: number,
    width: count,
    outputs: fields<EncoderSpec["outputs"]>({
      mean: optional(output),
      cls: optional(output),
      "cls+mean": optional(output),
      last: optional(output),
    }),
    layers: list(
      fields<EncoderLayer>({
        id: text,
        name: text,
        output: text,
        index: optional(count),
        width: count,
      }),
    ),
    patches: optional(text),
    preprocessing: nullable(either(imagePreprocessing, textPreprocessing)),
    preprocessingVersion: number,
    files: list(encoderFile),
    parityPath: nullable(text),
    madeWith: optional(
      fields<MadeWith>({
        choice: embeddingChoice,
        cosine: number,
        items: count,
        unitLength: boolean,
      }),
    ),
    wasmMsPerItem: number,
  }),
);
