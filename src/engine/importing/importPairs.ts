import type {
  ColumnMapping,
  ImportReport,
  ImportSource,
  SplitSpec,
} from "../../core/domain/dataset";
import type { Project, ProjectData } from "../../core/domain/project";
import { assignSplits, countSplits, type SplitPairs } from "../../core/domain/splits";
import { AppError } from "../../core/errors";
import type { DatasetStore } from "../../core/ports";
import type { Progress } from "../../core/progress";
import { collectItems, type Collected } from "./collectItems";
import { dataDigest } from "./dataDigest";
import type { ImageProbe } from "./decodeImage";
import { refusedEntry, tornGroups, UNPAIRED } from "./faults";
import { IssueLog } from "./issueLog";
import type { MetadataTable } from "./metadataTable";
import { openSource, type OpenedSource } from "./openSource";
import { planRows, type Plan } from "./planRows";
import { readTables } from "./readTables";
import { rolesOf, type Roles } from "./roles";
import { isAccompanyingText } from "./sourceEntry";
import { storeImages, type StoredImage } from "./storeImages";
import { throttleProgress } from "../throttleProgress";

export interface ImportDependencies {
  /** Address samples are fetched from, ending in `/`. */
  readonly siteBase: string;
  readonly probe: ImageProbe;
}

export interface ImportPairsOptions {
  readonly projectId: string;
  /** The project record as it is when the data is committed: it may have been renamed meanwhile. */
  readonly loadProject: () => Promise<Project>;
  readonly source: ImportSource;
  readonly mapping: ColumnMapping;
  readonly split: SplitSpec;
  readonly store: DatasetStore;
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
  const { projectId, loadProject, source, mapping, split, store, deps, signal } = options;
  const send = throttleProgress(options.report);
  const opened = await openSource(source, deps.siteBase, signal, send);
  const { tables, columns } = await readTables(opened.entries, signal, send);
  const roles = rolesOf(mapping, split, columns);
  const log = new IssueLog();
  const plan = planRows(tables, opened.entries, roles, log);
  try {
    const images = await readPlanned(plan, opened, { ...options, report: send });
    const collected = await collect(plan, opened, images, roles, log);
    const divided = assignSplits(collected.pairs, collected.image, split);
    logLeftovers(opened, tables, plan, divided, log);
    const content = { image: collected.image, text: collected.text, pairs: divided.pairs };
    const elapsedMs = performance.now() - startedAt;
    const report = reportOf({ plan, collected, divided, log, elapsedMs });
    const data: ProjectData = {
      digest: await dataDigest(content),
      source: opened.name,
      mapping,
      split,
      report,
      labelColumns: roles.labels,
      sizeBytes: bytesOf(images),
    };
    const project = await loadProject();
    signal.throwIfAborted();
    await store.replaceData({ ...project, updatedAt: Date.now(), data }, content);
    return report;
  } catch (thrown) {
    throw await withoutOrphans(AppError.from(thrown), projectId, store);
  }
}

/** The pictures of planned rows, each read once, by entry index. */
async function readPlanned(
  { planned }: Plan,
  { entries }: OpenedSource,
  { projectId, store, deps, signal, report }: ImportPairsOptions,
): Promise<ReadonlyMap<number, StoredImage>> {
  const needed = [...new Set(planned.map(({ entry }) => entry))];
  const outcomes = await storeImages(
    needed.map((entry) => entries[entry]!),
    { projectId, store, probe: deps.probe, signal, report },
  );
  return new Map(needed.map((entry, i) => [entry, outcomes[i]!]));
}

async function collect(
  { planned, rows }: Plan,
  { entries }: OpenedSource,
  images: ReadonlyMap<number, StoredImage>,
  { split: splitColumn }: Roles,
  log: IssueLog,
): Promise<Collected> {
  const collected = await collectItems(planned, { entries, images, splitColumn, log });
  if (collected.pairs.length > 0) return collected;
  const causes = log.skippedCauses() || `${rows} rows`;
  throw new AppError("import/nothing-usable", causes);
}

/** Files without a row, refused names, and groups torn apart by the data's own splits. */
function logLeftovers(
  { entries, refused }: OpenedSource,
  tables: readonly MetadataTable[],
  { mentioned }: Plan,
  { straddling }: SplitPairs,
  log: IssueLog,
): void {
  const metadata = new Set(tables.map(({ path }) => path));
  entries.forEach(({ path }, i) => {
    const isExpected = mentioned.has(i) || metadata.has(path) || isAccompanyingText(path);
    if (!isExpected) log.add("unpaired", path, UNPAIRED);
  });
  for (const { name, fault } of refused) log.add("unpaired", name, refusedEntry(fault));
  if (straddling.groups > 0) {
    log.add("flagged", "splits", tornGroups(straddling.groups, straddling.pairs));
  }
}

interface ReportParts {
  readonly plan: Plan;
  readonly collected: Collected;
  readonly divided: SplitPairs;
  readonly log: IssueLog;
  readonly elapsedMs: number;
}

function reportOf({ plan, collected, divided, log, elapsedMs }: ReportParts): ImportReport {
  const skipped = plan.skipped + collected.skipped;
  return {
    rows: plan.rows,
    used: plan.rows - skipped,
    skipped,
    items: { image: collected.image.length, text: collected.text.length },
    pairs: divided.pairs.length,
    groups: divided.groups,
    splits: countSplits(divided.pairs),
    splitSource: divided.source,
    issues: log.issues(),
    elapsedMs,
  };
}

function bytesOf(images: ReadonlyMap<number, StoredImage>): number {
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
): Promise<AppError> {
  try {
    await store.dropOrphans(projectId);
    return error;
  } catch (thrown) {
    const detail = `${error.detail}; clean-up failed: ${String(thrown)}`;
    return new AppError(error.code, detail, { cause: error });
  }
}
