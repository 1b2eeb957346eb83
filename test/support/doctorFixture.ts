import { readFileSync } from "node:fs";
import { join } from "node:path";
import Papa from "papaparse";
import { takeRows } from "../../src/core/math/matrix";
import { permutation, rng } from "../../src/core/math/rng";
import type { DoctorInput } from "../../src/engine/doctor/diagnose";
import { referenceData } from "../bench/referenceData";

const CSV = join(import.meta.dirname, "../fixtures/reference-embeddings/metadata/metadata_0.csv");

/** Pairs of the emoji sample as the doctor takes them, and how to get them. */
export interface EmojiOptions {
  readonly count: number;
  /** Which pairs are drawn. */
  readonly seed: number;
  /** Share of pairs whose captions are exchanged two by two, and the seed of that. */
  readonly wrong?: number;
  /** Rows further down that each pair's caption is taken from, in the table's order. */
  readonly shift?: number;
}

/** A random subset of the reference embeddings, and which pairs of it have been made wrong. */
export function emojiPairs({ count, seed, wrong = 0, shift = 0 }: EmojiOptions): {
  readonly input: DoctorInput;
  readonly wrong: Uint8Array;
} {
  const data = referenceData();
  const families = Papa.parse<{ family: string }>(readFileSync(CSV, "utf8"), {
    header: true,
    skipEmptyLines: true,
  }).data.map(({ family }) => family);
  const drawn = permutation(data.pairs.length, rng(seed)).slice(0, count).sort();
  const captions = numberedBy(Array.from(drawn, (p) => data.pairs.text[p]!));
  const text = captions.numbers.map((_, p, all) => all[(p + shift + count) % count]!);
  const marks = exchange(text, wrong, seed);
  const image = Uint32Array.from({ length: count }, (_, p) => p);
  return {
    wrong: marks,
    input: {
      image: takeRows(data.image, drawn),
      text: takeRows(data.text, captions.distinct),
      pairs: { image, text, group: numberedBy(Array.from(drawn, (p) => families[p]!)).numbers },
      looks: [],
      table: { image, text },
    },
  };
}

function exchange(text: Uint32Array, share: number, seed: number): Uint8Array {
  const marks = new Uint8Array(text.length);
  const order = permutation(text.length, rng(seed + 99));
  for (let k = 0, done = 0; done < share * text.length; k += 2) {
    const [a, b] = [order[k]!, order[k + 1]!];
    if (text[a] === text[b]) continue;
    [text[a], text[b]] = [text[b]!, text[a]!];
    marks[a] = marks[b] = 1;
    done += 2;
  }
  return marks;
}

function numberedBy<T>(values: readonly T[]) {
  const numbers = new Map<T, number>();
  for (const value of values) if (!numbers.has(value)) numbers.set(value, numbers.size);
  return {
    distinct: [...numbers.keys()],
    numbers: Uint32Array.from(values, (value) => numbers.get(value)!),
  };
}
