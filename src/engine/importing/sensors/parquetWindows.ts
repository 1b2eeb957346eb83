import type { SchemaTree } from "hyparquet";
import { channelOf, type SensorChannel } from "../../../core/domain/sensor";
import { writeWindow } from "../../../core/formats/sensorWindow";
import { AppError } from "../../../core/errors";
import { matrix } from "../../../core/math/matrix";
import type { ParquetFile, RowGroup } from "../parquetFile";
import type { SourceEntry } from "../sourceEntry";

const NUMBERS = new Set(["FLOAT", "DOUBLE", "INT32", "INT64"]);

/** The columns of a Parquet file whose values are lists of numbers: one per channel. */
export function listColumns(file: Pick<ParquetFile, "columns">): string[] {
  return file.columns.filter(isNumberList).map(({ element }) => element.name);
}

function isNumberList(tree: SchemaTree): boolean {
  const leaves = leavesOf(tree);
  const [leaf] = leaves;
  const isRepeated = (node: SchemaTree): boolean =>
    node.element.repetition_type === "REPEATED" || node.children.some(isRepeated);
  return leaves.length === 1 && NUMBERS.has(leaf?.element.type ?? "") && isRepeated(tree);
}

const leavesOf = (tree: SchemaTree): SchemaTree[] =>
  tree.children.length === 0 ? [tree] : tree.children.flatMap(leavesOf);

/** Windows of a Parquet file, one per row: a list column is a channel. */
export class ParquetWindows {
  readonly channels: readonly SensorChannel[];
  readonly #file: ParquetFile;
  readonly #columns: readonly string[];
  readonly #sizeBytes: number;
  #held: { group: RowGroup; rows: ReturnType<ParquetFile["readGroup"]> } | undefined;

  constructor(file: ParquetFile, columns: readonly string[]) {
    this.#file = file;
    this.#columns = columns;
    this.channels = columns.map(channelOf);
    const total = file.sizeBytes(([name = ""]) => columns.includes(name));
    this.#sizeBytes = Math.ceil(total / Math.max(1, file.rows));
  }

  /** The window in a row, counted from 0. */
  entry(row: number): SourceEntry {
    return {
      path: `${this.#file.path}/${row + 1}`,
      sizeBytes: this.#sizeBytes,
      read: () => this.#read(row),
    };
  }

  async #read(row: number): Promise<Uint8Array<ArrayBuffer>> {
    const group = this.#file.groups.find(({ start, end }) => start <= row && row < end);
    const record = group && (await this.#rows(group))[row - group.start];
    const lists = this.#columns.map((name) => numbersOf(record?.[name]));
    const readings = lists[0]?.length ?? 0;
    const other = lists.findIndex((list) => list.length !== readings);
    if (other >= 0 || readings === 0) {
      const lengths = this.#columns.map((name, i) => `${name} ${lists[i]?.length ?? 0}`).join(", ");
      throw new AppError("import/archive", `its channels differ in length (${lengths})`);
    }
    const window = matrix(lists.length, readings);
    lists.forEach((list, i) => window.data.set(list, i * readings));
    return writeWindow(window);
  }

  /** The last group is kept: rows that are read in order cost one decoding each. */
  #rows(group: RowGroup): ReturnType<ParquetFile["readGroup"]> {
    if (this.#held?.group === group) return this.#held.rows;
    const rows = this.#file.readGroup(group, ([name = ""]) => this.#columns.includes(name));
    this.#held = { group, rows };
    return rows;
  }
}

function numbersOf(value: unknown): Float32Array {
  if (ArrayBuffer.isView(value)) return Float32Array.from(value as Float32Array);
  if (!Array.isArray(value)) return new Float32Array(0);
  return Float32Array.from(value, (each: unknown) => (each === null ? NaN : Number(each)));
}
