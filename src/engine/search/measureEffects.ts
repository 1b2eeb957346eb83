import type { Pair } from "../../core/domain/dataset";
import { isInUse } from "../../core/domain/inUse";
import { ALIGNED_MODALITIES, type AlignedModality } from "../../core/domain/modality";
import { PLAIN_SCORES, type ScoreSettings } from "../../core/domain/query";
import type { QueryRanks } from "../../core/domain/evaluation";
import { pairTableOf, type AlignedPair } from "../../core/domain/splits";
import { AppError } from "../../core/errors";
import { takeRows, type Matrix } from "../../core/math/matrix";
import { rng, seedFrom } from "../../core/math/rng";
import { chanceRetrieval } from "../../core/metrics/chance";
import { cslsSides } from "../../core/metrics/csls";
import { galleriesOf, summarizeRanks, type Galleries } from "../../core/metrics/evaluateRetrieval";
import { pairedBootstrap } from "../../core/metrics/pairedBootstrap";
import type { Relevance } from "../../core/metrics/relevance";
import { firstHitRanks } from "../../core/metrics/retrieval";
import type { RecallDifference, ScoreEffect, ScoreEffects } from "../../core/metrics/scoreEffects";
import type { Progress } from "../../core/progress";
import { breathe } from "../align/breathe";
import { throttleProgress } from "../throttleProgress";
import type { Space } from "./space";

const SEED = 0; // the same run gives the same intervals every time
const KS = [1, 5, 10];
const MOST_PAIRS = 2_000; // 2,000 x 2,000 x 512 take seconds per setting; ± 2 % of recall
const QUERY_ROWS = 64; // ranked between two looks at the message queue: 64 x 2,000 x 512

/** In the order of `ScoreEffects.effects`. */
const SETTINGS: readonly ScoreSettings[] = [
  PLAIN_SCORES,
  { centred: true, csls: false },
  { centred: false, csls: true },
  { centred: true, csls: true },
];

interface MeasureOptions {
  readonly signal: AbortSignal;
  report(progress: Progress): void;
}

/**
 * Held-out recall with each correction of the scores, on the test pairs of a space. Above 2,000 test
 * pairs, whole clusters of them are drawn by a seed until there are 2,000: then the galleries are
 * that small, for all settings alike.
 *
 * Whatever corrects is taken from the training items, as in `search`.
 *
 * @throws AppError `data/too-few` without test pairs or training items, `data/non-finite`,
 *   `cancelled`.
 */
export async function measureEffects(
  space: Space,
  pairs: readonly Pair[],
  { signal, report }: MeasureOptions,
): Promise<ScoreEffects> {
  const table = pairTableOf(testPairs(space, pairs));
  if (table.length === 0) throw new AppError("data/too-few", "no pairs in test");
  const galleries = galleriesOf(table, "test");
  const total = SETTINGS.length * (galleries.imageRows.length + galleries.textRows.length);
  let done = 0;
  const send = throttleProgress(report);
  const advance = async (queries: number) => {
    done += queries;
    send({ stage: "evaluate", done, total, unit: "items" });
    await breathe(signal);
  };
  await advance(0);
  const ranked: QueryRanks[] = [];
  for (const scores of SETTINGS) {
    const sides = await correctedSides(space, galleries, scores);
    ranked.push(await rankBothWays(sides, galleries, advance));
  }
  const [plain] = ranked;
  const effects: ScoreEffect[] = [];
  for (const [i, scores] of SETTINGS.entries()) {
    const ranks = ranked[i];
    if (!plain || !ranks) throw new AppError("internal", "a setting without ranks");
    await breathe(signal);
    effects.push({
      scores,
      retrieval: summarizeRanks(ranks, galleries.clusters, { ks: KS, seed: SEED }),
      differences: i === 0 ? [] : differencesOf(ranks, plain, galleries.clusters),
    });
  }
  return { step: space.step, chance: chanceRetrieval(table, "test", KS), effects };
}

/** The test pairs both of whose sides are in the space, by row. */
function testPairs(space: Space, pairs: readonly Pair[]): AlignedPair[] {
  const rowOf = Object.fromEntries(
    ALIGNED_MODALITIES.map((side) => [
      side,
      new Map(Array.from(space.gallery.galleries[side].items, (item, r) => [item, r])),
    ]),
  ) as Record<AlignedModality, Map<number, number>>; // both set above
  const rows = pairs.flatMap((pair): AlignedPair[] => {
    const image = rowOf.image.get(pair.image ?? -1);
    const text = rowOf.text.get(pair.text ?? -1);
    const counts = pair.split === "test" && isInUse(pair);
    return counts && image !== undefined && text !== undefined
      ? [{ split: "test", image, text }]
      : [];
  });
  return rows.length <= MOST_PAIRS ? rows : drawClusters(rows);
}

/** Whole clusters in seeded order, until the next would make them too many. */
function drawClusters(pairs: readonly AlignedPair[]): AlignedPair[] {
  const { component } = pairTableOf(pairs);
  const members = new Map<number, AlignedPair[]>();
  pairs.forEach((pair, p) => {
    const cluster = component[p] ?? -1;
    members.set(cluster, [...(members.get(cluster) ?? []), pair]);
  });
  const random = rng(seedFrom(SEED, "test pairs"));
  const order = Array.from(members.values(), (list) => ({ list, at: random() }));
  order.sort((a, b) => a.at - b.at);
  const drawn: AlignedPair[] = [];
  for (const { list } of order) {
    if (drawn.length > 0 && drawn.length + list.length > MOST_PAIRS) break;
    drawn.push(...list);
  }
  return drawn;
}

/**
 * Both sides such that a plain dot product is the corrected score, up to what all items of a gallery
 * have in common.
 */
async function correctedSides(
  space: Space,
  { imageRows, textRows }: Galleries,
  scores: ScoreSettings,
): Promise<Record<AlignedModality, Matrix>> {
  const image = space.scores.rows("image", imageRows, scores);
  const text = space.scores.rows("text", textRows, scores);
  if (!scores.csls) return { image, text };
  const ofImage = await space.scores.meanNearest(image, "text", scores);
  const ofText = await space.scores.meanNearest(text, "image", scores);
  return cslsSides({ image, text }, { image: ofImage, text: ofText });
}

async function rankBothWays(
  { image, text }: Record<AlignedModality, Matrix>,
  { relevance }: Galleries,
  advance: (queries: number) => Promise<void>,
): Promise<QueryRanks> {
  return {
    imageToText: await rankInBlocks(image, text, relevance.imageToText, advance),
    textToImage: await rankInBlocks(text, image, relevance.textToImage, advance),
  };
}

/** `firstHitRanks`, some queries at a time, so that searches are answered in between. */
async function rankInBlocks(
  queries: Matrix,
  gallery: Matrix,
  relevance: Relevance,
  advance: (queries: number) => Promise<void>,
): Promise<Uint32Array<ArrayBuffer>> {
  const ranks = new Uint32Array(queries.rows);
  for (let start = 0; start < queries.rows; start += QUERY_ROWS) {
    const count = Math.min(QUERY_ROWS, queries.rows - start);
    const block = takeRows(
      queries,
      Array.from({ length: count }, (_, i) => start + i),
    );
    ranks.set(firstHitRanks(block, gallery, relevanceOfBlock(relevance, start, count)), start);
    await advance(count);
  }
  return ranks;
}

function relevanceOfBlock({ starts, items }: Relevance, start: number, count: number): Relevance {
  const [first = 0, last = 0] = [starts[start], starts[start + count]];
  return {
    queries: count,
    starts: starts.slice(start, start + count + 1).map((at) => at - first),
    items: items.slice(first, last),
  };
}

function differencesOf(ranks: QueryRanks, plain: QueryRanks, clusters: QueryRanks) {
  return (["imageToText", "textToImage"] as const).flatMap((direction) =>
    KS.map((k): RecallDifference => {
      const options = { seed: SEED, clusters: clusters[direction] };
      const difference = pairedBootstrap(
        ranks[direction],
        plain[direction],
        { recallAt: k },
        options,
      );
      return { direction, k, ...difference };
    }),
  );
}
