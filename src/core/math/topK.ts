/**
 * Indices of the `k` highest scores, best first; equal scores in index order.
 *
 * Costs O(n log k) with a bounded heap, so that a gallery of 100,000 needs no full sort.
 *
 * @param scores [n], finite.
 * @returns [min(k, n)] indices into `scores`.
 */
export function topK(scores: ArrayLike<number>, k: number): Uint32Array {
  const heap: number[] = []; // min-heap: the worst kept index at the root
  const worse = (a: number, b: number) =>
    scores[a]! < scores[b]! || (scores[a] === scores[b] && a > b);
  const limit = Math.min(k, scores.length);
  for (let i = 0; i < scores.length; i++) {
    if (heap.length < limit) {
      heap.push(i);
      siftUp(heap, worse);
    } else if (limit > 0 && worse(heap[0]!, i)) {
      heap[0] = i;
      siftDown(heap, worse);
    }
  }
  return Uint32Array.from(heap).sort((a, b) => (worse(a, b) ? 1 : -1));
}

type Order = (a: number, b: number) => boolean;

function siftUp(heap: number[], worse: Order): void {
  for (let child = heap.length - 1; child > 0;) {
    const parent = (child - 1) >> 1;
    if (!worse(heap[child]!, heap[parent]!)) return;
    swap(heap, child, parent);
    child = parent;
  }
}

function siftDown(heap: number[], worse: Order): void {
  for (let parent = 0; ;) {
    const left = 2 * parent + 1;
    if (left >= heap.length) return;
    const right = left + 1;
    const child = right < heap.length && worse(heap[right]!, heap[left]!) ? right : left;
    if (!worse(heap[child]!, heap[parent]!)) return;
    swap(heap, child, parent);
    parent = child;
  }
}

function swap(heap: number[], i: number, j: number): void {
  const held = heap[i]!;
  heap[i] = heap[j]!;
  heap[j] = held;
}
