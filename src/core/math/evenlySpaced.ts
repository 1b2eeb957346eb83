/** At most `most` of 0..n-1, ascending: all, or the first and others at even distances. */
export function evenlySpaced(n: number, most: number): Uint32Array {
  const count = Math.min(n, most);
  return Uint32Array.from({ length: count }, (_, i) => Math.floor((i * n) / count));
}
