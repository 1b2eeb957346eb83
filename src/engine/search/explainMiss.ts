import type { Pair } from "../../core/domain/dataset";
import { isInUse } from "../../core/domain/inUse";
import { judgeMiss, type MissEvidence, type MissReport } from "../../core/domain/missReport";
import { otherModality, type AlignedModality } from "../../core/domain/modality";
import type { MissRequest, VectorTerm } from "../../core/domain/search";
import { AppError } from "../../core/errors";
import { row } from "../../core/math/matrix";
import { spreadOf } from "../../core/math/spread";
import { topK } from "../../core/math/topK";
import { centredGallery, type CentredGallery } from "./centredGallery";
import { combineTerms } from "./combineTerms";
import { rowOfItem } from "./queryVector";
import { rankGallery } from "./rankGallery";
import type { Selection } from "./scan/exactTop";
import type { Space } from "./space";

const NEIGHBOURS = 10; // the k of our mutual-kNN and CSLS numbers
const FEWEST_NEIGHBOURS = 4; // below, the spread of their votes says nothing

/**
 * Why an item is not first: its rank as the search gives it, what came first, and what the frozen
 * encoders alone say.
 *
 * All cosines of evidence are of raw embeddings less the mean of their gallery, because features
 * after a ReLU all point one way. Costs four passes over the raw galleries.
 *
 * @param selection what is ranked; the expected item is in it.
 * @throws AppError `embeddings/missing` when the expected item is not; as `rankGallery`.
 */
export async function explainMiss(
  space: Space,
  { pairs, selection }: { readonly pairs: readonly Pair[]; readonly selection: Selection },
  { expected, ...request }: MissRequest,
): Promise<Omit<MissReport, "isOutside">> {
  const { target, terms } = request;
  const { rows } = selection;
  const { hits, gallery, step } = await rankGallery(space, selection, {
    ...request,
    limit: rows.length,
  });
  const own = hits.find(({ item }) => item === expected);
  const first = hits[0];
  if (!own || !first) throw new AppError("embeddings/missing", `${target} ${expected}`);
  const contest = {
    ...{ terms, target, rows },
    expected: rowOfItem(space, target, expected),
    winner: rowOfItem(space, target, first.item),
  };
  const evidence = evidenceOf(space, pairs, contest);
  return {
    ...evidence,
    ...{ rank: own.rank, score: own.score, gallery, step },
    winner: { item: first.item, score: first.score },
    verdict: own.rank === 1 ? "first" : judgeMiss(evidence),
  };
}

/** Rows of the target gallery, and what is asked. */
interface Contest {
  readonly terms: readonly VectorTerm[];
  readonly target: AlignedModality;
  readonly expected: number;
  readonly winner: number;
  readonly rows: Uint32Array;
}

function evidenceOf(space: Space, pairs: readonly Pair[], contest: Contest): MissEvidence {
  const { target, expected, winner, rows } = contest;
  const targets = centredGallery(space.gallery.galleries[target].raw);
  const nearExpected = targets.cosines(targets.row(expected));
  const cosine = nearExpected[winner]!;
  const nearer = rows.reduce((n, r) => n + Number(r !== expected && nearExpected[r]! > cosine), 0);
  const nearness = { cosine, place: nearer + 1, others: rows.length - 1 };
  const query = rawQuery(space, contest.terms);
  if (query?.modality === target) {
    const toQuery = targets.cosines(query.vector);
    const direct = { expected: toQuery[expected]!, winner: toQuery[winner]! };
    return { nearness, wording: null, direct, vote: null };
  }
  if (!query) return { nearness, wording: null, direct: null, vote: null };
  const side = otherModality(target);
  const partners = partnersOf(space, pairs, target);
  const toQuery = centredGallery(space.gallery.galleries[side].raw).cosines(query.vector);
  const wording = wordingOf(toQuery, partners.get(expected), partners.get(winner));
  const vote = voteOf(space, { ...contest, targets, partners, toQuery });
  return { nearness, wording, direct: null, vote };
}

/** The query by its encoder alone; null where its terms are of two encoders. */
function rawQuery(space: Space, terms: readonly VectorTerm[]) {
  const modality = terms[0]?.modality;
  if (!modality || terms.some((term) => term.modality !== modality)) return null;
  const { raw } = space.gallery.galleries[modality];
  const vectors = terms.map((term) => ({
    weight: term.weight,
    vector: "item" in term ? row(raw, rowOfItem(space, modality, term.item)) : term.vector,
  }));
  return { modality, vector: combineTerms(vectors) };
}

/** Rows of the other gallery that a row of the target's is paired with. */
type Partners = ReadonlyMap<number, readonly number[]>;

function partnersOf(space: Space, pairs: readonly Pair[], target: AlignedModality): Partners {
  const side = otherModality(target);
  const rowOf = (modality: AlignedModality) =>
    new Map(Array.from(space.gallery.galleries[modality].items, (item, r) => [item, r]));
  const [targetRow, sideRow] = [rowOf(target), rowOf(side)];
  const partners = new Map<number, number[]>();
  for (const pair of pairs) {
    const from = targetRow.get(pair[target] ?? -1);
    const to = sideRow.get(pair[side] ?? -1);
    if (from === undefined || to === undefined || !isInUse(pair)) continue;
    const known = partners.get(from);
    if (known) known.push(to);
    else partners.set(from, [to]);
  }
  return partners;
}

function wordingOf(
  toQuery: Float64Array,
  own: readonly number[] = [],
  others: readonly number[] = [],
): MissEvidence["wording"] {
  if (own.length === 0 || others.length === 0) return null;
  const best = (rows: readonly number[]) => Math.max(...rows.map((r) => toQuery[r]!));
  const winner = best(others);
  const excluded = new Set(own);
  const nearer = toQuery.reduce((n, c, r) => n + Number(c > winner && !excluded.has(r)), 0);
  return { expected: best(own), winner, place: nearer + 1, others: toQuery.length - own.length };
}

interface Vote extends Contest {
  readonly targets: CentredGallery;
  readonly partners: Partners;
  readonly toQuery: Float64Array;
}

/** What each one's nearest training items are paired with, compared with the query. */
function voteOf(space: Space, vote: Vote): MissEvidence["vote"] {
  const { targets, partners, toQuery, target } = vote;
  const { items } = space.gallery.galleries[target];
  const splits = space.gallery.splits[target];
  const training = Uint32Array.from(items.keys()).filter(
    (r) => splits[items[r]!] === "train" && partners.has(r),
  );
  const votesFor = (candidate: number) => {
    const own = new Set(partners.get(candidate));
    const shares = (r: number) => partners.get(r)!.some((partner) => own.has(partner));
    const others = training.filter((r) => r !== candidate && !shares(r));
    const near = targets.cosines(targets.row(candidate));
    const nearest = topK(
      others.length > 0 ? Float64Array.from(others, (r) => near[r]!) : [],
      NEIGHBOURS,
    );
    return spreadOf(
      Array.from(nearest, (at) =>
        Math.max(...partners.get(others[at]!)!.map((partner) => toQuery[partner]!)),
      ),
    );
  };
  const [expected, winner] = [votesFor(vote.expected), votesFor(vote.winner)];
  const neighbours = Math.min(expected.n, winner.n);
  if (neighbours < FEWEST_NEIGHBOURS) return null;
  const error = Math.hypot(
    expected.deviation / Math.sqrt(expected.n),
    winner.deviation / Math.sqrt(winner.n),
  );
  const difference = expected.mean - winner.mean;
  const z = difference === 0 ? 0 : difference / Math.max(error, 1e-9);
  return { expected: expected.mean, winner: winner.mean, z, neighbours };
}
