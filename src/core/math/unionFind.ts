/** Disjoint sets of 0..size-1 that grow together (path halving, union by smaller root). */
export class UnionFind {
  readonly #parent: Uint32Array;

  constructor(size: number) {
    this.#parent = Uint32Array.from({ length: size }, (_, i) => i);
  }

  /** The smallest member of the set `element` is in, so the name depends on no order of unions. */
  find(element: number): number {
    const parent = this.#parent;
    let node = element;
    while (parent[node]! !== node) {
      parent[node] = parent[parent[node]!]!;
      node = parent[node]!;
    }
    return node;
  }

  union(a: number, b: number): void {
    const rootA = this.find(a);
    const rootB = this.find(b);
    this.#parent[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
  }
}
