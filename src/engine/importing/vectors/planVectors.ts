import type { AlignedModality } from "../../../core/domain/modality";
import { AppError } from "../../../core/errors";
import type { Progress } from "../../../core/progress";
import type { IssueLog } from "../issueLog";
import type { Metadata } from "../formats/dataFormat";
import type { Plan, PlannedRow } from "../planRows";
import type { SourceEntry } from "../sourceEntry";
import type { StoredMedia } from "../storeMedia";
import { scanVectors, type Scan } from "./scanVectors";
import type { VectorArray } from "./vectorArray";
import { allZero, notFinite, otherVector, pictureUnusable } from "./vectorFaults";
import { vectorRows, type RowOrFault, type VectorRow } from "./vectorRows";
import type { VectorRoles } from "./vectorRoles";

/** Rows of arrays as rows of an ordinary import, so that everything after it is the same. */
export interface VectorPlan extends Plan {
  /** What stands for the files of `planned`: one for every different picture. */
  readonly pictures: readonly SourceEntry[];
  /** Outcome of every one of `pictures`. */
  readonly images: ReadonlyMap<number, StoredMedia>;
  readonly arrays: Readonly<Record<AlignedModality, VectorArray>>;
  readonly scans: Readonly<Record<AlignedModality, Scan>>;
  /** First row of each picture by path, and of each text. */
  readonly rowOf: Readonly<Record<AlignedModality, ReadonlyMap<string, number>>>;
}

export interface PlanVectorsOptions {
  readonly roles: VectorRoles;
  readonly log: IssueLog;
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
  /** Keeps the pictures that were dropped beside the vectors. */
  readonly storePictures: (entries: readonly SourceEntry[]) => Promise<readonly StoredMedia[]>;
}

/**
 * Joins vectors, metadata and pictures by row. Rows whose vector is not finite are skipped; a picture
 * is one item by its file name, and where nothing names it, by its vector.
 *
 * @throws AppError `import/embeddings` when the arrays or the metadata differ in their rows.
 */
export async function planVectors(
  { vectors = new Map(), tables, entries }: Metadata,
  options: PlanVectorsOptions,
): Promise<VectorPlan> {
  const { roles, log } = options;
  const arrays = arraysOf(vectors, roles);
  const rows = vectorRows(tables, entries, roles);
  if (rows.length !== arrays.image.rows) {
    const metadata = tables.map(({ path }) => path).join(", ") || "the metadata";
    const detail = `${metadata} has ${rows.length} rows, ${roles.image} ${arrays.image.rows}`;
    throw new AppError("import/embeddings", detail);
  }
  const stored = await storePictures(rows, entries, options);
  const scans = await scanBoth(arrays, rows, stored, options);
  const items = new Items(scans, log);
  const planned: PlannedRow[] = [];
  rows.forEach((row, i) => {
    const fault = "fault" in row ? row.fault : faultOf(scans, i);
    if (fault) log.add("skipped", row.where, fault);
    else if (!("fault" in row)) planned.push(items.plan(row, i, pictureOf(row, stored)));
  });
  return {
    rows: rows.length,
    planned,
    skipped: rows.length - planned.length,
    mentioned: new Set(stored.keys()),
    ...items.found(),
    ...{ arrays, scans },
  };
}

function arraysOf(vectors: ReadonlyMap<string, VectorArray>, roles: VectorRoles) {
  const named = (name: string) => {
    const array = vectors.get(name);
    if (array) return array;
    throw new AppError("import/mapping", `${name} is not an array of embeddings`);
  };
  const arrays = { image: named(roles.image), text: named(roles.text) };
  if (arrays.image.rows === arrays.text.rows) return arrays;
  const [image, text] = [arrays.image, arrays.text].map(({ files, rows }) => {
    return `${files.length > 1 ? `${files[0]} and ${files.length - 1} more` : files[0]}: ${rows} rows`;
  });
  throw new AppError("import/embeddings", `${image}; ${text}`);
}

/** Outcome of the pictures that rows name, by entry. */
async function storePictures(
  rows: readonly RowOrFault[],
  entries: readonly SourceEntry[],
  options: PlanVectorsOptions,
): Promise<ReadonlyMap<number, StoredMedia>> {
  const needed = new Map<number, string>();
  for (const row of rows) {
    if (!("fault" in row) && row.entry !== null && !needed.has(row.entry)) {
      needed.set(row.entry, row.where);
    }
  }
  if (needed.size === 0) return new Map();
  const outcomes = await options.storePictures([...needed.keys()].map((entry) => entries[entry]!));
  const stored = new Map<number, StoredMedia>();
  [...needed].forEach(([entry, where], i) => {
    const outcome = outcomes[i]!;
    stored.set(entry, outcome);
    if ("fault" in outcome)
      options.log.add("flagged", where, pictureUnusable(outcome.fault.reason));
  });
  return stored;
}

type Picture = Exclude<StoredMedia, { readonly fault: unknown }>;

function pictureOf(row: VectorRow, stored: ReadonlyMap<number, StoredMedia>): Picture | null {
  const outcome = row.entry === null ? undefined : stored.get(row.entry);
  return outcome && !("fault" in outcome) ? outcome : null;
}

async function scanBoth(
  arrays: VectorPlan["arrays"],
  rows: readonly RowOrFault[],
  stored: ReadonlyMap<number, StoredMedia>,
  { signal, report }: PlanVectorsOptions,
): Promise<VectorPlan["scans"]> {
  const total = 2 * rows.length;
  let done = 0;
  const onRows = (count: number) =>
    report({ stage: "check", done: (done += count), total, unit: "rows" });
  const isNamed = {
    image: (row: VectorRow) => pictureOf(row, stored) !== null,
    text: (row: VectorRow) => row.caption !== "",
  };
  const repeats = { image: repeated(rows, "file"), text: repeated(rows, "caption") };
  const scan = (side: AlignedModality) => {
    const wanted = (i: number) => {
      const row = rows[i];
      return row !== undefined && !("fault" in row) && !isNamed[side](row);
    };
    return scanVectors(arrays[side], { wanted, compared: repeats[side], signal, onRows });
  };
  // One after the other: each reads its file from front to back.
  const image = await scan("image");
  return { image, text: await scan("text") };
}

/** Whether a row names what another one names too. */
function repeated(rows: readonly RowOrFault[], key: "file" | "caption"): (row: number) => boolean {
  const counts = new Map<string, number>();
  const nameOf = (row: RowOrFault | undefined) => (!row || "fault" in row ? "" : row[key]);
  for (const row of rows) counts.set(nameOf(row), (counts.get(nameOf(row)) ?? 0) + 1);
  return (i) => nameOf(rows[i]) !== "" && (counts.get(nameOf(rows[i])) ?? 0) > 1;
}

function faultOf(scans: VectorPlan["scans"], row: number) {
  if (!scans.image.finite[row]) return notFinite("image");
  return scans.text.finite[row] ? undefined : notFinite("text");
}

/** Rows with a cosine below this to the first row of the same item are flagged. */
const SAME_ITEM_COSINE = 0.8; // a sketch errs by about 0.07 there; batches of one encoder by 0.01

/** Pictures and texts by name, each with the row that brought it. */
class Items {
  readonly #scans: VectorPlan["scans"];
  readonly #log: IssueLog;
  readonly #pictures: SourceEntry[] = [];
  readonly #images = new Map<number, StoredMedia>();
  readonly #places = new Map<string, number>();
  readonly #rowOf = { image: new Map<string, number>(), text: new Map<string, number>() };
  /** Rows are named after the first row with the same vector. */
  readonly #names = { image: new Map<string, string>(), text: new Map<string, string>() };
  readonly #wheres = new Map<number, string>();

  constructor(scans: VectorPlan["scans"], log: IssueLog) {
    this.#scans = scans;
    this.#log = log;
  }

  plan(row: VectorRow, i: number, picture: Picture | null): PlannedRow {
    const { where, group, split, labels } = row;
    this.#wheres.set(i, where);
    for (const side of ["image", "text"] as const) {
      if (this.#scans[side].zero[i]) this.#log.add("flagged", where, allZero(side));
    }
    const name = row.file || this.#nameOf("image", i);
    const caption = row.caption || this.#nameOf("text", i);
    this.#meet("image", name, i);
    this.#meet("text", caption, i);
    const place = this.#places.get(name) ?? this.#add(name, i, picture);
    return { where, entry: place, captions: [caption], group, split, labels };
  }

  found() {
    return { pictures: this.#pictures, images: this.#images, rowOf: this.#rowOf };
  }

  #nameOf(side: AlignedModality, i: number): string {
    const digest = this.#scans[side].rowDigests.get(i) ?? "";
    const name = this.#names[side].get(digest) ?? `row ${i}`;
    this.#names[side].set(digest, name);
    return name;
  }

  /** Remembers the first row of an item; a later one with another vector is worth a look. */
  #meet(side: AlignedModality, name: string, i: number): void {
    const first = this.#rowOf[side].get(name);
    if (first === undefined) {
      this.#rowOf[side].set(name, i);
      return;
    }
    const cosine = this.#scans[side].cosine(first, i);
    if (cosine >= SAME_ITEM_COSINE) return;
    const where = this.#wheres.get(i) ?? "";
    this.#log.add("flagged", where, otherVector(side, this.#wheres.get(first) ?? "", cosine));
  }

  #add(name: string, i: number, picture: Picture | null): number {
    const place = this.#pictures.length;
    const read = () => Promise.reject(new AppError("internal", `${name} has no bytes to read`));
    this.#pictures.push({ path: name, sizeBytes: picture?.sizeBytes ?? 0, read });
    const digest = this.#scans.image.rowDigests.get(i) ?? "";
    this.#images.set(place, picture ?? { digest, sizeBytes: 0 });
    this.#places.set(name, place);
    return place;
  }
}
