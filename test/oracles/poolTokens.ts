import type { Pooling } from "../../src/core/domain/encoder";

/** Pools one item the plain way: nested arrays, one pooling after the other. */
export function poolOne(
  tokens: readonly (readonly number[])[],
  mask: readonly number[],
  { pooling, withoutFirst }: { pooling: Pooling; withoutFirst: boolean },
): number[] {
  const kept = tokens.filter((_, t) => mask[t] === 1);
  const averaged = withoutFirst ? kept.slice(1) : kept;
  const mean = kept[0]!.map(
    (_, d) => averaged.reduce((sum, token) => sum + token[d]!, 0) / averaged.length,
  );
  if (pooling === "cls") return [...kept[0]!];
  if (pooling === "last") return [...kept[kept.length - 1]!];
  return pooling === "mean" ? mean : [...kept[0]!, ...mean];
}
