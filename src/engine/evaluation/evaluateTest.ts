import type { AlignmentData } from "../../core/domain/alignmentData";
import type { Split } from "../../core/domain/dataset";
import type { EvaluationReport, QueryRanks, RetrievalPair } from "../../core/domain/evaluation";
import type { ProjectorPair } from "../../core/domain/projector";
import { AppError } from "../../core/errors";
import { takeRows } from "../../core/math/matrix";
import { cslsRanks } from "../../core/metrics/csls";
import { galleriesOf, summarizeRanks, type Galleries } from "../../core/metrics/evaluateRetrieval";
import { spaceGeometry } from "../../core/metrics/geometry";
import type { Relevance } from "../../core/metrics/relevance";
import { mutualFirstHitRanks } from "../../core/metrics/retrieval";
import { breathe } from "../align/breathe";
import { projectRows } from "../align/project";
import { sha256 } from "../sha256";

export interface RankSplitOptions {
  /** Whose pairs are asked; `test` for anything that is reported. */
  readonly split: Split;
  readonly ks: readonly number[];
  /** Of the intervals. */
  readonly seed: number;
  /** Looked at between the parts, of which the longest takes seconds at 10,000 items. */
  readonly signal?: AbortSignal;
}

export interface EvaluateTestOptions extends RankSplitOptions {
  /** Also rank with scores corrected for hubs: two more passes over the scores. */
  readonly csls: boolean;
}

/**
 * Retrieval both ways on a split and the rank of every query behind it: what choosing among
 * trainings needs, at a third of the cost of `evaluateTest`.
 *
 * @throws AppError as `evaluateTest`.
 */
export async function rankSplit(
  pair: ProjectorPair,
  data: AlignmentData,
  { split, ks, seed, signal }: RankSplitOptions,
): Promise<{ retrieval: RetrievalPair; ranks: QueryRanks }> {
  const { galleries, images, texts } = await projectSplit(pair, data, split);
  await breathe(signal);
  const ranks = mutualFirstHitRanks(images, texts, galleries.relevance);
  return { retrieval: summarizeRanks(ranks, galleries.clusters, { ks, seed }), ranks };
}

/**
 * Everything a trained pair of projectors is judged by on a held-out split: retrieval both ways,
 * every rank behind it, a digest of the questions, the geometry of the space, and CSLS if asked.
 *
 * Ranks are in the order of the split's items, by ascending row of `data`.
 *
 * @throws AppError `data/too-few` when the split has no pair, `data/shape`, `data/non-finite`,
 *   `cancelled`.
 */
export async function evaluateTest(
  pair: ProjectorPair,
  data: AlignmentData,
  { split, ks, seed, csls, signal }: EvaluateTestOptions,
): Promise<{ test: RetrievalPair; report: EvaluationReport }> {
  const { galleries, images, texts } = await projectSplit(pair, data, split);
  const { relevance, clusters } = galleries;
  await breathe(signal);
  const ranks = mutualFirstHitRanks(images, texts, relevance);
  await breathe(signal);
  const geometry = spaceGeometry(images, texts, pairsOf(relevance.imageToText));
  await breathe(signal);
  const corrected = csls ? cslsRanks(images, texts, relevance) : null;
  const options = { ks, seed };
  return {
    test: summarizeRanks(ranks, clusters, options),
    report: {
      ranks,
      clusters,
      queries: await queriesDigest(data, galleries),
      geometry,
      csls: corrected && summarizeRanks(corrected, clusters, options),
    },
  };
}

/** The items of a split in the shared space. */
async function projectSplit(pair: ProjectorPair, data: AlignmentData, split: Split) {
  const galleries = galleriesOf(data.pairs, split);
  const { imageRows, textRows } = galleries;
  if (imageRows.length === 0) throw new AppError("data/too-few", `no pairs in ${split}`);
  return {
    galleries,
    images: await projectRows(pair.image, takeRows(data.image, imageRows)),
    texts: await projectRows(pair.text, takeRows(data.text, textRows)),
  };
}

/** Relevance back as columns of pairs. */
function pairsOf({ queries, starts, items }: Relevance) {
  const image = new Uint32Array(items.length);
  for (let q = 0; q < queries; q++) image.fill(q, starts[q], starts[q + 1]);
  return { image, text: items };
}

/**
 * Digest of which items ask, in which order, of which gallery, and which answers are right. By
 * content where the data know it, so runs on edited data compare as long as the test is the same.
 */
function queriesDigest(
  { digests }: AlignmentData,
  { imageRows, textRows, relevance }: Galleries,
): Promise<string> {
  const { starts, items } = relevance.imageToText;
  return sha256(
    JSON.stringify([
      Array.from(imageRows, (row) => digests?.image[row] ?? row),
      Array.from(textRows, (row) => digests?.text[row] ?? row),
      Array.from(starts),
      Array.from(items),
    ]),
  );
}
