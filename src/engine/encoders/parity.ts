import type { EncoderSpec } from "../../core/domain/encoder";
import { AppError } from "../../core/errors";
import { FileCache } from "./fileCache";
import { fetchBytes, type LoadOptions } from "./loadFiles";
import type { ParityCase } from "./selfCheck";

/** Reference inputs of any modality. */
export interface Parity {
  readonly texts: readonly ParityCase<string>[];
  readonly images: readonly ParityCase<Blob>[];
  readonly sounds: readonly ParityCase<Blob>[];
}

/**
 * The reference inputs of an encoder, from its `parityPath`; an own model's lie beside its files.
 *
 * @throws AppError `encoder/missing`.
 */
export async function loadParity(
  spec: EncoderSpec,
  { base, caches }: Pick<LoadOptions, "base" | "caches">,
): Promise<Parity> {
  const path = spec.parityPath;
  if (path === null) return { texts: [], images: [], sounds: [] };
  if (spec.origin === "file") {
    const cache = new FileCache(caches, base);
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for await (const part of cache.parts(cache.address(spec, { path }))) parts.push(part);
    return parseParity(await new Blob(parts).text(), path);
  }
  const url = new URL(path, new URL(base, globalThis.location?.href)).href;
  return parseParity(new TextDecoder().decode(await fetchBytes(url, path)), path);
}

/**
 * Reference inputs from their JSON: `{ "cases": [{ "text": "…", "vector": […] }] }`, or `image` or
 * `audio` with a file in base64 and its `type`.
 *
 * @throws AppError `encoder/missing`, with `name` and what is wrong.
 */
export function parseParity(json: string, name: string): Parity {
  const texts: ParityCase<string>[] = [];
  const images: ParityCase<Blob>[] = [];
  const sounds: ParityCase<Blob>[] = [];
  try {
    for (const { text, image, audio, type, vector } of casesIn(json)) {
      if (!Array.isArray(vector) || !vector.every(Number.isFinite)) {
        throw new TypeError("a case has no vector of numbers");
      }
      const numbers = vector as number[]; // every one was checked
      if (typeof text === "string") texts.push({ input: text, vector: numbers });
      else if (typeof image === "string") {
        const input = fromBase64(image, typeof type === "string" ? type : "image/png");
        images.push({ input, vector: numbers });
      } else if (typeof audio === "string") {
        const input = fromBase64(audio, typeof type === "string" ? type : "audio/wav");
        sounds.push({ input, vector: numbers });
      } else throw new TypeError("a case has neither a text nor a file");
    }
  } catch (cause) {
    throw new AppError("encoder/missing", `${name}: ${String(cause)}`, { cause });
  }
  return { texts, images, sounds };
}

/** The JSON that `parseParity` reads. */
export async function writeParity({ texts, images, sounds }: Parity): Promise<string> {
  const fileCases = (kind: "image" | "audio", cases: readonly ParityCase<Blob>[]) =>
    cases.map(async ({ input, vector }) => ({
      [kind]: toBase64(new Uint8Array(await input.arrayBuffer())),
      type: input.type,
      vector,
    }));
  const files = [...fileCases("image", images), ...fileCases("audio", sounds)];
  const captions = texts.map(({ input, vector }) => ({ text: input, vector }));
  return JSON.stringify({ cases: [...captions, ...(await Promise.all(files))] });
}

function casesIn(json: string): readonly Record<string, unknown>[] {
  const { cases } = (JSON.parse(json) ?? {}) as { cases?: unknown };
  if (!Array.isArray(cases)) throw new TypeError("there is no list “cases”");
  return cases.map((each: unknown) => (each ?? {}) as Record<string, unknown>);
}

function fromBase64(base64: string, type: string): Blob {
  return new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], { type });
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
