import type { Matrix } from "./matrix";

/** How many rows differ from all before them, bit by bit. Costs O(N·D). */
export function countDistinctRows(m: Matrix): number {
  return firstEqualRows(m).reduce((distinct, first, i) => distinct + Number(first === i), 0);
}

/** [N] the first row equal to each, bit by bit; itself where none before is. Costs O(N·D). */
export function firstEqualRows({ data, rows, cols }: Matrix): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const seen = new Map<number, number[]>();
  const isEqual = (a: number, b: number) => {
    for (let d = 0; d < cols; d++) if (words[a * cols + d] !== words[b * cols + d]) return false;
    return true;
  };
  const firsts = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) {
    const hash = hashOf(words, i * cols, cols);
    const like = seen.get(hash) ?? [];
    const first = like.find((other) => isEqual(other, i));
    firsts[i] = first ?? i;
    if (first === undefined) seen.set(hash, [...like, i]);
  }
  return firsts;
}

/** FNV-1a over 32-bit words; equal hashes are compared in full. */
function hashOf(words: Uint32Array, start: number, length: number): number {
  let hash = 0x811c9dc5;
  for (let d = start; d < start + length; d++) {
    hash = Math.imul(hash ^ words[d]!, 0x01000193);
    hash ^= hash >>> 15; // FNV takes bytes; without this, equal high bits would collide
  }
  return hash;
}
