import { ITEM_NAMES, type Modality } from "../../core/domain/modality";
import { BASIS_PARTS, type JoinBasis } from "../../core/domain/unfinishedJoining";
import { sha256 } from "../sha256";
import type { JoinData } from "./joinData";

/** What the basis of a joining is made of. */
export interface BasisParts {
  readonly hubDigest: string;
  /** Digests of the members it is trained against, in their order. */
  readonly anchorDigests: readonly string[];
  readonly encoderKey: string;
  readonly data: JoinData;
}

const BLOCK_BYTES = 16 * 2 ** 20; // hashed at a time: the browser copies what it hashes

/** Everything a projector is about to be trained on, as digests. */
export async function joinBasis(parts: BasisParts): Promise<JoinBasis> {
  const { hubDigest, anchorDigests, encoderKey, data } = parts;
  const [first] = data.turns;
  const turns = data.turns.map(async ({ text, pairs }) => [
    await bytesDigest(text.data),
    await bytesDigest(Uint32Array.from(pairs.image)),
    await bytesDigest(Uint32Array.from(pairs.text)),
    await bytesDigest(Uint32Array.from(pairs.component)),
    await sha256(pairs.split.join()),
  ]);
  const rows = first ? await bytesDigest(first.image.data) : "";
  return {
    hub: await sha256(JSON.stringify([hubDigest, anchorDigests])),
    encoder: encoderKey,
    data: await sha256(JSON.stringify([rows, await Promise.all(turns)])),
  };
}

/** What changed between two bases, as a sentence; undefined where nothing did. */
export function changeInWords(
  before: JoinBasis,
  now: JoinBasis,
  { name, modality }: { readonly name: string; readonly modality: Modality },
): string | undefined {
  const changed = BASIS_PARTS.filter((part) => before[part] !== now[part]);
  // Another encoder gives other embeddings: the data would be named for its sake.
  const cause = changed[0];
  if (!cause) return undefined;
  const words = {
    hub: "The hub has",
    encoder: `The encoder of ${name} has`,
    data: `${ITEM_NAMES[modality]} or captions of ${name} have`,
  } as const satisfies Record<keyof JoinBasis, string>;
  return `${words[cause]} changed since the training was paused, so it started anew.`;
}

/** SHA-256 (hex) over the digests of blocks of the bytes. */
async function bytesDigest(values: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>) {
  const { buffer, byteOffset, byteLength } = values;
  const digests: string[] = [];
  for (let start = 0; start < byteLength; start += BLOCK_BYTES) {
    const length = Math.min(BLOCK_BYTES, byteLength - start);
    digests.push(await sha256(new Uint8Array(buffer, byteOffset + start, length)));
  }
  return sha256(digests.join());
}
