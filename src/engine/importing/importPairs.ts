import type {
  ColumnMapping,
  ImportReport,
  ImportSource,
  SplitSpec,
} from "../../core/domain/dataset";
import type { ImportSettings } from "../../core/domain/importFormat";
import type { Project, ProjectData } from "../../core/domain/project";
import { DEFAULT_ENCODERS } from "../../core/catalogue/encoders";
import type { EmbeddingChoice } from "../../core/domain/encoder";
import { ofEachModality, type AlignedModality, type Modality } from "../../core/domain/modality";
import type { SensorLayout } from "../../core/domain/sensor";
import { assignSplits, countSplits, type SplitPairs } from "../../core/domain/splits";
import { AppError } from "../../core/errors";
import type { DatasetContent, DatasetStore } from "../../core/ports";
import type { Progress } from "../../core/progress";
import { collectItems, type Collected } from "./collectItems";
import type { Metadata } from "./formats/dataFormat";
import { dataDigest } from "./dataDigest";
import type { ImageProbe } from "./decodeImage";
import { KNOWN_CAPTIONS, tornGroups, UNPAIRED } from "./faults";
import { IssueLog } from "./issueLog";
import { THUMBNAILS_AUTO_MAX } from "./limits";
import type { OpenedSource } from "./openSource";
import type { SourceReader } from "./readSource";
import { planRows, type Plan } from "./planRows";
import { rolesOf, type Roles } from "./roles";
import { isAccompanyingText, type SourceEntry } from "./sourceEntry";
import { storeMedia, type StoredMedia } from "./storeMedia";
import { throttleProgress } from "../throttleProgress";
import { planVectors } from "./vectors/planVectors";
import { VectorWriter, type VectorStores } from "./vectors/storeVectors";
import { vectorRolesOf } from "./vectors/vectorRoles";

export interface ImportDependencies {
  /** Address samples are fetched from, ending in `/`. */
  readonly siteBase: string;
  /** Knows what the inspection before has read. */
  readonly reader: SourceReader;
  readonly probe: ImageProbe;
}

export interface ImportPairsOptions {
  readonly projectId: string;
  /** The project record as it is when the data is committed: it may have been renamed meanwhile. */
  readonly loadProject: () => Promise<Project>;
  readonly source: ImportSource;
  readonly settings: ImportSettings;
  readonly mapping: ColumnMapping;
  readonly split: SplitSpec;
  readonly store: DatasetStore;
  /** For embeddings that come with the data. */
  readonly vectorStores: VectorStores;
  readonly deps: ImportDependencies;
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/**
 * Imports pairs into a project and accounts for every row. Originals are stored as they are read;
 * items, pairs and the project record change in one transaction at the very end, so that a stopped
 * or failed import leaves the project as it was.
 *
 * @throws AppError `import/*` for what no row survives, `storage/quota`, `cancelled`.
 */
export async function importPairs(options: ImportPairsOptions): Promise<ImportReport> {
  const startedAt = performance.now();
  const { projectId, loadProject, source, settings, mapping, split, store, deps, signal } = options;
  const send = throttleProgress(options.report);
  const { siteBase, reader } = deps;
  const reading = { siteBase, signal, report: send };
  const { opened, format, metadata } = await reader.read(source, settings, reading);
  const { media } = metadata;
  const log = new IssueLog();
  let writer: VectorWriter | undefined;
  try {
    const task = { metadata, log, options: { ...options, report: send } };
    const { roles, plan, entries, images, vectors } = await planAll(task);
    const collected = await collect(plan, { media, entries }, images, roles, log);
    const divided = assignSplits(collected.pairs, collected.media, split, media);
    logLeftovers(opened, metadata, plan, divided, log);
    const content: DatasetContent = {
      ...{ image: [], audio: [], sensor: [], text: collected.text },
      [media]: collected.media,
      pairs: divided.pairs,
    };
    writer = vectors;
    const written = await writer?.write(content);
    const elapsedMs = performance.now() - startedAt;
    const report = reportOf({ plan, content, skipped: collected.skipped, divided, log, elapsedMs });
    const data: ProjectData = {
      digest: await dataDigest(content),
      source: opened.name,
      format: format.id,
      media,
      mapping,
      split,
      report,
      labelColumns: roles.labels,
      sizeBytes: bytesOf(images),
      ...(written && { vectors: written }),
      ...(metadata.sensor && { sensor: layoutOf(metadata.sensor) }),
      edits: [],
    };
    const project = await loadProject();
    signal.throwIfAborted();
    const encoders = encodersFor(project, written);
    await store.replaceData({ ...project, updatedAt: Date.now(), encoders, data }, content);
    return report;
  } catch (thrown) {
    throw await withoutOrphans(AppError.from(thrown), projectId, store, writer);
  }
}

interface PlanTask {
  readonly metadata: Metadata;
  readonly log: IssueLog;
  readonly options: ImportPairsOptions;
}

/** Rows joined with their files, or with the vectors that came instead of files. */
async function planAll({ metadata, log, options }: PlanTask) {
  const { mapping, split, signal, report } = options;
  const { tables, entries, columns } = metadata;
  if (metadata.vectors) {
    const roles = vectorRolesOf(mapping, split, columns);
    const storePictures = (pictures: readonly SourceEntry[]) =>
      storeMedia(pictures, { ...options, media: "image", probe: probeFor(pictures, options) });
    const plan = await planVectors(metadata, { roles, log, signal, report, storePictures });
    const vectors = new VectorWriter(plan, { roles, stores: options.vectorStores, signal, report });
    return { roles, plan, entries: plan.pictures, images: plan.images, vectors };
  }
  const roles = rolesOf(mapping, split, columns);
  const plan = planRows(tables, entries, roles, log);
  return { roles, plan, entries, images: await readPlanned(plan, metadata, options) };
}

/** Imported vectors are chosen at once, and no longer once other data has replaced theirs. */
function encodersFor(
  { encoders, data }: Project,
  written: ProjectData["vectors"],
): Project["encoders"] {
  const choose = (modality: AlignedModality): EmbeddingChoice => {
    if (written) return { id: written[modality], pooling: "mean", layer: null };
    const isGone = data?.vectors?.[modality] === encoders[modality].id;
    return isGone ? DEFAULT_ENCODERS[modality] : encoders[modality];
  };
  return { image: choose("image"), text: choose("text") };
}

/** The files of planned rows, each read once, by entry index. */
async function readPlanned(
  { planned }: Plan,
  { entries, media, sensor }: Pick<Metadata, "entries" | "media" | "sensor">,
  options: ImportPairsOptions,
): Promise<ReadonlyMap<number, StoredMedia>> {
  const needed = [...new Set(planned.map(({ entry }) => entry))];
  const files = needed.map((entry) => entries[entry]!);
  const probe = probeFor(files, options);
  const windows = sensor && { layout: sensor, axis: options.settings.sensor?.axis };
  const outcomes = await storeMedia(files, {
    ...options,
    media,
    probe,
    ...(windows && { windows }),
  });
  return new Map(needed.map((entry, i) => [entry, outcomes[i]!]));
}

/** What windows have in common, without how they were cut. */
function layoutOf({ channels, rateHz }: SensorLayout): SensorLayout {
  return { channels, ...(rateHz !== undefined && { rateHz }) };
}

/** Decoding is asked for, or the pictures are few enough to do it unasked. */
function probeFor(
  files: readonly SourceEntry[],
  { settings: { thumbnails }, deps }: ImportPairsOptions,
): ImageProbe | null {
  const isWanted = thumbnails === "auto" ? files.length <= THUMBNAILS_AUTO_MAX : thumbnails;
  return isWanted ? deps.probe : null;
}

async function collect(
  { planned, rows }: Plan,
  { entries, media }: Pick<Metadata, "entries" | "media">,
  images: ReadonlyMap<number, StoredMedia>,
  { split: splitColumn }: Pick<Roles, "split">,
  log: IssueLog,
): Promise<Collected> {
  const collected = await collectItems(planned, {
    media,
    entries,
    files: images,
    splitColumn,
    log,
  });
  if (collected.pairs.length > 0) return collected;
  const causes = log.skippedCauses() || `${rows} rows`;
  throw new AppError("import/nothing-usable", causes);
}

/** Files without a row, refused names, and groups torn apart by the data's own splits. */
function logLeftovers(
  { refused }: OpenedSource,
  { entries, metadataPaths }: Metadata,
  { mentioned }: Plan,
  { straddling, knownCaptions }: SplitPairs,
  log: IssueLog,
): void {
  if (knownCaptions) log.add("flagged", "splits", KNOWN_CAPTIONS);
  entries.forEach(({ path }, i) => {
    const isExpected = mentioned.has(i) || metadataPaths.has(path) || isAccompanyingText(path);
    if (!isExpected) log.add("unpaired", path, UNPAIRED);
  });
  for (const { name, fault } of refused) log.add("unpaired", name, fault);
  if (straddling.groups > 0) {
    log.add("flagged", "splits", tornGroups(straddling.groups, straddling.pairs));
  }
}

interface ReportParts {
  readonly plan: Plan;
  readonly content: DatasetContent;
  /** Planned rows that could not be used after all. */
  readonly skipped: number;
  readonly divided: SplitPairs;
  readonly log: IssueLog;
  readonly elapsedMs: number;
}

function reportOf({ plan, content, divided, log, elapsedMs, ...parts }: ReportParts): ImportReport {
  const skipped = plan.skipped + parts.skipped;
  const countOf = (modality: Modality) => content[modality].length;
  return {
    rows: plan.rows,
    used: plan.rows - skipped,
    skipped,
    items: ofEachModality(countOf),
    pairs: divided.pairs.length,
    groups: divided.groups,
    splits: countSplits(divided.pairs),
    splitSource: divided.source,
    issues: log.issues(),
    elapsedMs,
  };
}

function bytesOf(images: ReadonlyMap<number, StoredMedia>): number {
  const sizes = new Map<string, number>();
  for (const image of images.values()) {
    if (!("fault" in image)) sizes.set(image.digest, image.sizeBytes);
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/** Drops the originals of an import that did not finish; on a full disk they may be what fills it. */
async function withoutOrphans(
  error: AppError,
  projectId: string,
  store: DatasetStore,
  writer: VectorWriter | undefined,
): Promise<AppError> {
  try {
    await writer?.undo();
    await store.dropOrphans(projectId);
    return error;
  } catch (thrown) {
    const detail = `${error.detail}; clean-up failed: ${String(thrown)}`;
    return new AppError(error.code, detail, { cause: error });
  }
}
