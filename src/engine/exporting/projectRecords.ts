import { AppError } from "../../core/errors";
import { decodeElements } from "../../core/formats/arrayElements";
import { readRecord, writeRecord, type NamedTensor } from "../../core/formats/recordJson";
import {
  readSafetensorsHeader,
  safetensorsHeaderLength,
  writeSafetensors,
} from "../../core/formats/safetensors";

/** A file of a project zip, held whole: its digest goes into the manifest. */
export interface WholeFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A record as `<path>.json` and, where it holds large arrays, `<path>.safetensors`. */
export function recordFiles(path: string, record: unknown): WholeFile[] {
  const { json, tensors } = writeRecord(record);
  const files: WholeFile[] = [{ path: `${path}.json`, bytes: utf8(json) }];
  if (tensors.length > 0) {
    files.push({ path: `${path}.safetensors`, bytes: writeSafetensors(tensors) });
  }
  return files;
}

/** UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/**
 * The record of a `.json` file with the arrays beside it.
 *
 * @param path of the file, for messages.
 * @throws AppError `project-file/damaged`.
 */
export function recordOf(
  path: string,
  json: Uint8Array,
  arrays: Uint8Array<ArrayBuffer> | undefined,
): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(json);
    return readRecord(text, arrays && tensorsOf(arrays));
  } catch (thrown) {
    throw atPath(path, thrown);
  }
}

/** Any failure of reading a file's content as damage of that file. */
export function atPath(path: string, thrown: unknown): AppError {
  const { code, detail, message } = AppError.from(thrown);
  if (code === "cancelled") return AppError.from(thrown);
  // What reads archives names the file itself.
  const why = (detail || message).replace(`${path}: `, "");
  return new AppError("project-file/damaged", `${path}: ${why}`, { cause: thrown });
}

function tensorsOf(file: Uint8Array<ArrayBuffer>): Map<string, Omit<NamedTensor, "name">> {
  const name = "its arrays";
  const headerBytes = safetensorsHeaderLength(file, file.length, name);
  const json = new TextDecoder().decode(file.subarray(8, 8 + headerBytes));
  const { tensors } = readSafetensorsHeader(json, { headerBytes, sizeBytes: file.length, name });
  return new Map(
    tensors.map((tensor) => {
      if (tensor.type !== "f4") {
        throw new AppError("project-file/damaged", `${tensor.name} is ${tensor.dtype}, not F32`);
      }
      const bytes = file.subarray(tensor.offset, tensor.offset + tensor.sizeBytes);
      return [tensor.name, { shape: tensor.shape, values: decodeElements(bytes, "f4") }] as const;
    }),
  );
}
