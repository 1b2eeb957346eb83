import type { SearchPagePart } from "../../core/domain/searchPage";
import { latin1Of } from "../../core/formats/bytesText";
import { partPath, partScript } from "../../core/formats/searchPageFiles";

/** One script of a page: where it lies and what it says. */
export interface ScriptFile {
  readonly name: SearchPagePart;
  readonly path: string;
  readonly text: string;
  /** Bytes it carries. */
  readonly sizeBytes: number;
}

const PART_BYTES = 6_291_456; // a script of 8 MB: progress moves, and no host refuses it
const BASE64_BLOCK = 24_573; // whole triples, so that blocks join without padding

/** Bytes as scripts of at most 8 MB each. */
export function* scriptsOf(name: SearchPagePart, bytes: Uint8Array): Generator<ScriptFile> {
  for (let start = 0, index = 0; start < bytes.length || index === 0; index++) {
    const part = bytes.subarray(start, start + PART_BYTES);
    start += part.length;
    yield scriptOf(name, index, part);
  }
}

/** One script that carries `bytes`. */
export function scriptOf(name: SearchPagePart, index: number, bytes: Uint8Array): ScriptFile {
  const text = partScript(name, index, base64Of(bytes));
  return { name, path: partPath(name, index), text, sizeBytes: bytes.length };
}

/** RFC 4648 base64 with padding. */
export function base64Of(bytes: Uint8Array): string {
  const blocks: string[] = [];
  for (let at = 0; at < bytes.length; at += BASE64_BLOCK) {
    blocks.push(btoa(latin1Of(bytes.subarray(at, at + BASE64_BLOCK))));
  }
  return blocks.join("");
}

/** Bytes compressed with gzip. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}
