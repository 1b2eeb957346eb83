/** At most `most` of 0..n-1, ascending: all, or the first and others at even distances. */
export function evenlySpaced(n: number, most: number): Uint32Array {
  const count = Math.min(n, most);
  return Uint32Array.from({ length: count }, (_, i) => Math.floor((i * n) / count));
}

/**
 * At most `most` of the values, in order: all, or one every n / most.
 *
 * Where the step is no binary fraction this may take the neighbour of what `evenlySpaced` names. It
 * stays so because what was selected or fitted on these values can then be computed again to the bit.
 */
export function takeSpaced<T>(values: ArrayLike<T>, most: number): T[] {
  const step = Math.max(1, values.length / most);
  return Array.from(
    { length: Math.min(values.length, most) },
    (_, i) => values[Math.floor(i * step)]!,
  );
}
