/** Hyper-parameters chosen on validation: `rank 256, epsilon 0.01`. */
export function chosenWords(chosen: Readonly<Record<string, number>>): string {
  return Object.entries(chosen)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
    .join(", ");
}
