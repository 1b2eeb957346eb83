import { afterEach, describe, expect, it } from "vitest";
import type { Split } from "../../../src/core/domain/dataset";
import { PLAIN_SCORES, type ScoreSettings } from "../../../src/core/domain/query";
import { rng } from "../../../src/core/math/rng";
import type { Progress } from "../../../src/core/progress";
import { samplePair } from "../../support/samples";
import { openSearch, type SearchFixture } from "../../support/searchFixture";

const ITEMS = 40;
const WIDTH = 6;
const SPLITS: readonly Split[] = ["train", "train", "train", "test", "validation"];
const all = { splits: ["train", "validation", "test"] } as const;
const centred = { centred: true, csls: false };
const csls = { centred: false, csls: true };
const both = { centred: true, csls: true };

let close = () => {};
afterEach(() => close());

/** Pairs of like vectors; images and texts each lie around a point of their own. */
function noisyPairs(seed = 1): SearchFixture {
  const random = rng(seed);
  const some = () => Array.from({ length: WIDTH }, () => random() - 0.5);
  const concepts = Array.from({ length: ITEMS }, some);
  const side = (offset: number[]) =>
    concepts.map((concept) => concept.map((value, d) => value + 0.3 * some()[d]! + offset[d]!));
  return {
    image: side([1, 0, 0, 0, 0, 0]),
    text: side([0, 1, 0, 0, 0, 0]),
    pairs: concepts.map((_, i) => samplePair(i, i, SPLITS[i % SPLITS.length])),
  };
}

async function opened(fixture: SearchFixture = noisyPairs()) {
  const { db, ...rest } = await openSearch(fixture);
  close = () => db.close();
  return rest;
}

const unit = (vector: readonly number[]) => {
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / (norm || 1));
};
const product = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, d) => sum + value * b[d]!, 0);

/** The formulas of docs/search.md over plain arrays. */
function oracle({ image, text, pairs }: SearchFixture, settings: ScoreSettings) {
  const training = pairs.flatMap(({ split }, i) => (split === "train" ? [i] : []));
  const prepare = (vectors: readonly (readonly number[])[]) => {
    const units = vectors.map(unit);
    if (!settings.centred) return units;
    const mean = units[0]!.map(
      (_, d) => training.reduce((sum, i) => sum + units[i]![d]!, 0) / training.length,
    );
    return units.map((vector) => unit(vector.map((value, d) => value - mean[d]!)));
  };
  const sides = { image: prepare(image), text: prepare(text) };
  const penalty = (target: "image" | "text", from: "image" | "text", item: number) => {
    const scores = training
      .filter((i) => target !== from || i !== item)
      .map((i) => product(sides[target][item]!, sides[from][i]!))
      .sort((a, b) => b - a)
      .slice(0, 10);
    return scores.reduce((sum, score) => sum + score, 0) / scores.length;
  };
  return (from: "image" | "text", query: number, target: "image" | "text") =>
    sides[target]
      .map((vector, item) => {
        const cosine = product(vector, sides[from][query]!);
        const score = settings.csls ? 2 * cosine - penalty(target, from, item) : cosine;
        return { item, cosine, score };
      })
      .sort((a, b) => b.score - a.score);
}

describe.each([PLAIN_SCORES, centred, csls, both])("search with %o", (settings) => {
  it.each([
    ["text", "image"],
    ["image", "text"],
    ["image", "image"],
  ] as const)("ranks as the formula does, from %s to %s", async (from, target) => {
    const fixture = noisyPairs();
    const { service, place } = await opened(fixture);
    const answer = await service.search({
      ...place,
      terms: [{ modality: from, weight: 1, item: 7 }],
      target,
      limit: ITEMS,
      filter: all,
      scores: settings,
    });
    const expected = oracle(fixture, settings)(from, 7, target);
    expect(answer.hits.map(({ item }) => item)).toEqual(expected.map(({ item }) => item));
    for (const [i, { score, cosine }] of expected.entries()) {
      expect(answer.hits[i]!.score).toBeCloseTo(score, 5);
      expect(answer.hits[i]!.cosine).toBeCloseTo(cosine, 5);
    }
  });
});

describe("search with CSLS", () => {
  const ask = { limit: 3, filter: all, scores: csls, target: "image" } as const;
  const terms = [{ modality: "text", weight: 1, item: 0 }] as const;

  it("takes a hub from the top that is near to every text", async () => {
    // Image 0 is a little nearer to every text than the image that belongs to it.
    const corner = (i: number) => [0, 0, 0, 0].map((_, d) => Number(d === i % 4));
    const hub = [0.5, 0.5, 0.5, 0.5];
    const text = [0, 1, 2, 3].map((i) => corner(i).map((v, d) => 0.5 * v + 0.5 * hub[d]!));
    const image = [hub, ...[0, 1, 2, 3].map((i) => corner(i).map((v) => v * 0.9 - 0.1))];
    const pairs = text.map((_, i) => samplePair(i + 1, i));
    const { service, place } = await opened({ image, text, pairs: [...pairs, samplePair(0, 0)] });
    const plain = await service.search({ ...place, ...ask, terms, scores: PLAIN_SCORES });
    const corrected = await service.search({ ...place, ...ask, terms });
    expect(plain.hits[0]!.item).toBe(0);
    expect(corrected.hits[0]!.item).toBe(1);
  });

  it("scores the neighbours once for all queries that wait, and says how far it is", async () => {
    const { service, place } = await opened();
    const seen: Progress[] = [];
    const { signal } = new AbortController();
    const context = { signal, report: (progress: Progress) => void seen.push(progress) };
    const search = () => service.search({ ...place, ...ask, terms }, context);
    const [first, second] = await Promise.all([search(), search()]);
    expect(second.hits).toEqual(first.hits);
    expect(seen.at(-1)).toEqual({ stage: "neighbours", done: 40, total: 40, unit: "items" });
    const before = seen.length;
    await search();
    expect(seen).toHaveLength(before);
  });

  it("lets one who is cancelled go, and answers the other", async () => {
    const { service, place } = await opened();
    await service.open(place);
    const abort = new AbortController();
    const report = () => {};
    const left = service.search({ ...place, ...ask, terms }, { signal: abort.signal, report });
    const kept = service.search({ ...place, ...ask, terms });
    abort.abort();
    await expect(left).rejects.toMatchObject({ code: "cancelled" });
    expect((await kept).hits).toHaveLength(3);
  });
});

it.each([centred, csls])(
  "says that %o needs training items where there are none",
  async (scores) => {
    const fixture = noisyPairs();
    const pairs = fixture.pairs.map((pair) => ({ ...pair, split: "test" as const }));
    const { service, place } = await opened({ ...fixture, pairs });
    const terms = [{ modality: "text", weight: 1, item: 0 }] as const;
    await expect(
      service.search({ ...place, terms, target: "image", limit: 1, filter: all, scores }),
    ).rejects.toMatchObject({ code: "data/too-few" });
  },
);

it("gives a zero cosine to an item that lies at the mean", async () => {
  const same = [[1, 0], [1, 0], [1, 0]]; // prettier-ignore
  const pairs = same.map((_, i) => samplePair(i, i, i === 2 ? "test" : "train"));
  const { service, place } = await opened({ image: same, text: [[1, 0], [0, 1], [1, 1]], pairs }); // prettier-ignore
  const terms = [{ modality: "text", weight: 1, item: 1 }] as const;
  const answer = await service.search({
    ...place,
    ...{ terms, target: "image", limit: 3, filter: all, scores: centred },
  });
  expect(answer.hits.map(({ item, score }) => [item, Math.abs(score)])).toEqual([[0, 0], [1, 0], [2, 0]]); // prettier-ignore
});

describe("effects", () => {
  const context = () => ({ signal: new AbortController().signal, report: () => {} });

  it("gives each setting the recall that its own search has on the test split", async () => {
    const fixture = noisyPairs(3);
    const { service, place } = await opened(fixture);
    const { effects, chance, step } = await service.effects(place, context());
    const tested = fixture.pairs.flatMap(({ split }, i) => (split === "test" ? [i] : []));
    expect(step).toBe(5);
    expect(chance.textToImage).toMatchObject({ gallery: tested.length, queries: tested.length });
    expect(effects.map(({ scores }) => scores)).toEqual([PLAIN_SCORES, centred, csls, both]);
    for (const { scores, retrieval } of effects) {
      for (const [from, target, direction] of [
        ["text", "image", "textToImage"],
        ["image", "text", "imageToText"],
      ] as const) {
        const rank = oracle(fixture, scores);
        const hits = tested.filter(
          (i) => rank(from, i, target).filter(({ item }) => tested.includes(item))[0]!.item === i,
        );
        const recall = retrieval[direction].recall["1"]!.value;
        expect(recall).toBeCloseTo(hits.length / tested.length, 12);
      }
    }
  });

  it("pairs each difference with plain's answers to the same queries", async () => {
    const { service, place } = await opened(noisyPairs(4));
    const { effects } = await service.effects(place, context());
    const [plain, ...corrected] = effects;
    expect(plain!.differences).toEqual([]);
    for (const { retrieval, differences } of corrected) {
      expect(differences).toHaveLength(6);
      for (const { direction, k, difference, low, high } of differences) {
        const recall = (of: typeof retrieval) => of[direction].recall[String(k)]!.value;
        expect(difference).toBeCloseTo(recall(retrieval) - recall(plain!.retrieval), 12);
        expect(low).toBeLessThanOrEqual(difference);
        expect(high).toBeGreaterThanOrEqual(difference);
      }
    }
  });

  it("says that nothing is held out, and stops when told to", async () => {
    const fixture = noisyPairs();
    const pairs = fixture.pairs.map((pair) => ({ ...pair, split: "train" as const }));
    const { service, place } = await opened({ ...fixture, pairs });
    await expect(service.effects(place, context())).rejects.toMatchObject({
      code: "data/too-few",
      detail: "no pairs in test",
    });
    const other = await opened();
    await expect(
      other.service.effects(other.place, { ...context(), signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: "cancelled" });
  });
});
