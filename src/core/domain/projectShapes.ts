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
import { embeddingChoice } from "./encoderShapes";
import { FORMAT_IDS } from "./importFormat";
import {
  ALIGNED_MODALITIES,
  MEDIA_MODALITIES,
  MODALITIES,
  ofEachModality,
  type Modality,
} from "./modality";
import type { Project, ProjectData } from "./project";
import type { GalleryFilter, QueryTerm, SavedQuery, ScoreSettings } from "./query";
import type { SensorChannel, SensorLayout } from "./sensor";

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

/** Files of older versions do not count windows. */
const countOrNone: Shape<number> = (value, path) => (value === undefined ? 0 : count(value, path));

const report = fields<ImportReport>({
  rows: count,
  used: count,
  skipped: count,
  items: fields<Record<Modality, number>>({ ...ofEachModality(() => count), sensor: countOrNone }),
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

const sensorLayout = fields<SensorLayout>({
  channels: list(fields<SensorChannel>({ name: text, unit: optional(text) })),
  rateHz: optional(number),
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
  sensor: optional(sensorLayout),
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
  encoders: fields<Project["encoders"]>({
    image: embeddingChoice,
    text: embeddingChoice,
    audio: optional(embeddingChoice),
    sensor: optional(embeddingChoice),
  }),
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
    sensor: optional(count),
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
