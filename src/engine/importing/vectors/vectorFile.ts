import { basenameOf } from "../../../core/domain/pathResolver";
import { NPY_HEADER_BYTES, readNpyHeader } from "../../../core/formats/npy";
import { readSafetensorsHeader, safetensorsHeaderLength } from "../../../core/formats/safetensors";
import { AppError } from "../../../core/errors";
import type { MetadataTable } from "../metadataTable";
import type { SourceEntry } from "../sourceEntry";
import { listZip } from "../zipEntries";
import { openParquetVectors } from "./parquetVectors";
import { bytesOf, storedArray } from "./storedArray";
import type { VectorArray } from "./vectorArray";

/** A file of embeddings, opened: its arrays are read later. */
export interface VectorFile {
  readonly path: string;
  /** Arrays [N, D] by name; "" where the file holds one that has none. */
  readonly arrays: ReadonlyMap<string, VectorArray>;
  /** What stands beside the vectors, row by row: the other columns of a Parquet file. */
  readTable?: (signal: AbortSignal) => Promise<MetadataTable>;
  /** What was passed over and why, in words. */
  readonly notes: readonly string[];
}

/** Names of files that may hold embeddings. */
export const VECTOR_FILE = /\.(npy|npz|safetensors|parquet)$/i;

/**
 * Opens a file of embeddings: its headers are read and checked, no vector is.
 *
 * @throws AppError `import/embeddings` or `import/archive` when the file itself is broken.
 */
export function openVectorFile(entry: SourceEntry, signal: AbortSignal): Promise<VectorFile> {
  const known = opened.get(entry);
  if (known) return known;
  const file = open(entry, signal);
  opened.set(entry, file);
  file.catch(() => opened.delete(entry)); // the caller has the error
  return file;
}

/** Recognising, inspecting and importing open the same files: a packed one is unpacked once. */
const opened = new WeakMap<SourceEntry, Promise<VectorFile>>();

async function open(entry: SourceEntry, signal: AbortSignal): Promise<VectorFile> {
  const { path } = entry;
  const blob = await blobOf(entry, signal);
  const kind = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  switch (kind) {
    case "npy":
      return { path, arrays: new Map([["", await openNpy(blob, path)]]), notes: [] };
    case "npz":
      return openNpz(blob, path, signal);
    case "safetensors":
      return openSafetensors(blob, path);
    default:
      return openParquetVectors(blob, path);
  }
}

/** The bytes where they lie, or unpacked. */
async function blobOf(entry: Omit<SourceEntry, "path">, signal: AbortSignal): Promise<Blob> {
  return entry.blob ?? new Blob([await entry.read(signal)]);
}

async function openNpy(blob: Blob, path: string): Promise<VectorArray> {
  const start = await bytesOf(blob.slice(0, NPY_HEADER_BYTES), path);
  const { shape, ...header } = readNpyHeader(start, blob.size, path);
  return storedArray({ ...header, ...matrixShape(shape, path), blob, file: path });
}

async function openNpz(blob: Blob, path: string, signal: AbortSignal): Promise<VectorFile> {
  const arrays = new Map<string, VectorArray>();
  const notes: string[] = [];
  const { members, refused } = await listZip(blob, basenameOf(path), { signal });
  for (const { name, fault } of refused) notes.push(`${path}/${name}: ${fault.reason}.`);
  for (const member of members) {
    signal.throwIfAborted();
    const file = `${path}/${member.name}`;
    if (!/\.npy$/i.test(member.name)) {
      notes.push(`${file} is not an npy file and is not used.`);
      continue;
    }
    try {
      const bytes = await blobOf(member, signal);
      arrays.set(member.name.replace(/\.npy$/i, ""), await openNpy(bytes, file));
    } catch (thrown) {
      notes.push(noteOf(thrown));
    }
  }
  return { path, arrays, notes };
}

async function openSafetensors(blob: Blob, path: string): Promise<VectorFile> {
  const sizeBytes = blob.size;
  const headerBytes = safetensorsHeaderLength(
    await bytesOf(blob.slice(0, 8), path),
    sizeBytes,
    path,
  );
  const json = utf8(await bytesOf(blob.slice(8, 8 + headerBytes), path), path);
  const { tensors } = readSafetensorsHeader(json, { headerBytes, sizeBytes, name: path });
  const arrays = new Map<string, VectorArray>();
  const notes: string[] = [];
  for (const { name, dtype, type, shape, offset } of tensors) {
    const file = `${path}/${name}`;
    try {
      if (!type) throw new AppError("import/embeddings", `${file}: type ${dtype} is not read`);
      const stored = { blob, offset, type, littleEndian: true, isFortran: false, file };
      arrays.set(name, storedArray({ ...stored, ...matrixShape(shape, file) }));
    } catch (thrown) {
      notes.push(noteOf(thrown));
    }
  }
  return { path, arrays, notes };
}

/** @throws AppError `import/embeddings` for anything but [N, D] with numbers in it. */
function matrixShape(shape: readonly number[], file: string): { rows: number; width: number } {
  const [rows = 0, width = 0, ...others] = shape;
  if (shape.length !== 2 || others.length > 0 || rows === 0 || width === 0) {
    const detail = `${file} has the shape [${shape.join(", ")}], not [rows, width]`;
    throw new AppError("import/embeddings", detail);
  }
  return { rows, width };
}

/** Why one array is not used, as a sentence. What is not about the array itself goes on upwards. */
function noteOf(thrown: unknown): string {
  if (thrown instanceof AppError && thrown.code.startsWith("import/")) return `${thrown.detail}.`;
  throw thrown;
}

function utf8(bytes: Uint8Array<ArrayBuffer>, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new AppError("import/embeddings", `${path}: its header is not UTF-8`, { cause });
  }
}
