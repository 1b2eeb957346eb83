import { decodeElements, ELEMENT_BYTES } from "../../../core/formats/arrayElements";
import { NPY_HEADER_BYTES, readNpyHeader, type NpyHeader } from "../../../core/formats/npy";
import { writeWindow } from "../../../core/formats/sensorWindow";
import { AppError } from "../../../core/errors";
import { matrix } from "../../../core/math/matrix";
import type { SourceEntry } from "../sourceEntry";
import { turned } from "./windowFile";

/** An npy of windows: [windows, channels, time] or [windows, time, channels]. */
export interface WindowArray {
  readonly path: string;
  readonly windows: number;
  /** The two sides of each window, as stored. */
  readonly sides: readonly [number, number];
  /** Window i as a file of its own. */
  entry(i: number, isTimeFirst: boolean): SourceEntry;
}

/**
 * Opens an npy of three dimensions; its numbers are read window by window, later.
 *
 * @returns null where the array has other dimensions.
 * @throws AppError `import/embeddings` for what is no npy, `import/metadata` for Fortran order.
 */
export async function openWindowArray(
  source: SourceEntry,
  signal: AbortSignal,
): Promise<WindowArray | null> {
  const { path } = source;
  const blob = source.blob ?? new Blob([await source.read(signal)]);
  const start = new Uint8Array(await blob.slice(0, NPY_HEADER_BYTES).arrayBuffer());
  const header = readNpyHeader(start, blob.size, path, { integers: true });
  const [windows = 0, first = 0, second = 0, ...others] = header.shape;
  if (header.shape.length !== 3 || others.length > 0 || windows * first * second === 0) return null;
  if (header.isFortran) {
    const advice = "save it with numpy.ascontiguousarray";
    throw new AppError("import/metadata", `${path} is in Fortran order; ${advice}`);
  }
  const sizeBytes = first * second * ELEMENT_BYTES[header.type];
  return {
    path,
    windows,
    sides: [first, second],
    entry: (i, isTimeFirst) => ({
      path: `${path}/${i + 1}`,
      sizeBytes,
      read: () => readOne(blob, header, { i, first, second, isTimeFirst }),
    }),
  };
}

interface Place {
  readonly i: number;
  readonly first: number;
  readonly second: number;
  readonly isTimeFirst: boolean;
}

async function readOne(
  blob: Blob,
  { offset, type, littleEndian }: NpyHeader,
  { i, first, second, isTimeFirst }: Place,
): Promise<Uint8Array<ArrayBuffer>> {
  const sizeBytes = first * second * ELEMENT_BYTES[type];
  const from = offset + i * sizeBytes;
  const bytes = new Uint8Array(await blob.slice(from, from + sizeBytes).arrayBuffer());
  const stored = matrix(first, second, decodeElements(bytes, type, littleEndian));
  return writeWindow(isTimeFirst ? turned(stored) : stored);
}
