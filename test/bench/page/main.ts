import type { AlignedModality } from "../../../src/core/domain/modality";
import { openOurs } from "./ours";
import { openPeer } from "./peer";

/** What encodes one side's items, as often as asked. */
export interface Contestant {
  readonly name: string;
  /** Forgets what was encoded; not timed. */
  reset(): Promise<void>;
  /** Settles when every vector is where its user would look for it. */
  encode(): Promise<void>;
  /** What the last `encode` gave, [N, D] in the order of the items. */
  vectors(): Promise<Float32Array>;
  close(): void;
}

/** What is encoded: file names of pictures with their bytes, or captions. */
export interface BenchItems {
  readonly modality: AlignedModality;
  readonly batchSize: number;
  readonly pictures: readonly Blob[];
  readonly captions: readonly string[];
}

export interface BenchResult {
  readonly names: readonly string[];
  /** Milliseconds per round for each contestant. */
  readonly times: readonly (readonly number[])[];
  /** Lowest and mean cosine between the two contestants' vectors of one item. */
  readonly cosine: { readonly lowest: number; readonly mean: number };
}

/** Both encode the same items in turns; the first round of each warms up. */
async function bench(items: BenchItems, rounds: number): Promise<BenchResult> {
  const contestants = [await openOurs(items), await openPeer(items)];
  try {
    const vectors = [];
    for (const contestant of contestants) {
      await contestant.encode();
      vectors.push(await contestant.vectors());
    }
    const times: number[][] = contestants.map(() => []);
    for (let round = 0; round < rounds; round++) {
      for (const [i, contestant] of contestants.entries()) {
        await contestant.reset();
        const started = performance.now();
        await contestant.encode();
        times[i]!.push(performance.now() - started);
      }
    }
    const count = items[items.modality === "image" ? "pictures" : "captions"].length;
    return {
      names: contestants.map(({ name }) => name),
      times,
      cosine: cosines(vectors[0]!, vectors[1]!, count),
    };
  } finally {
    for (const contestant of contestants) contestant.close();
  }
}

function cosines(a: Float32Array, b: Float32Array, rows: number): BenchResult["cosine"] {
  if (a.length !== b.length) throw new Error(`${a.length} numbers against ${b.length}`);
  const width = a.length / rows;
  const each = Array.from({ length: rows }, (_, r) => {
    let [ab, aa, bb] = [0, 0, 0];
    for (let i = r * width; i < (r + 1) * width; i++) {
      ab += a[i]! * b[i]!;
      aa += a[i]! * a[i]!;
      bb += b[i]! * b[i]!;
    }
    return ab / Math.sqrt(aa * bb);
  });
  return { lowest: Math.min(...each), mean: each.reduce((sum, c) => sum + c, 0) / rows };
}

Object.assign(globalThis, { bench });
