/**
 * The k-th largest of the values, 1 = the largest; reorders `values`. Linear time (Hoare's select).
 *
 * @param values finite; at least `k` of them.
 */
export function kthLargest(values: Float32Array | Float64Array, k: number): number {
  const at = values.length - k;
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const held = values[i]!;
      values[i++] = values[j]!;
      values[j--] = held;
    }
    if (at <= j) high = j;
    else if (at >= i) low = i;
    else break;
  }
  return values[at]!;
}
