/** What ranked an item lower than somebody expected, in numbers. */
export interface MissReport extends MissEvidence {
  /** Place of the expected item, 1 = best. */
  readonly rank: number;
  /** The filter leaves the item out, so it was ranked among all. */
  readonly isOutside: boolean;
  /** Items ranked. */
  readonly gallery: number;
  readonly score: number;
  readonly winner: { readonly item: number; readonly score: number };
  readonly step: number;
  readonly verdict: MissVerdict;
}

/** What the frozen encoders alone say of the expected item and of the one that came first. */
export interface MissEvidence {
  /** Place of the winner among the expected item's neighbours, 1 = nearest, by its own encoder. */
  readonly nearness: { readonly cosine: number; readonly place: number; readonly others: number };
  /**
   * Queries of the other modality: how near the query is to what the expected item and what the
   * winner are paired with, and the winner's place among all such, 1 = nearest. Null: not known.
   */
  readonly wording: {
    readonly expected: number;
    readonly winner: number;
    readonly place: number;
    readonly others: number;
  } | null;
  /** Queries of the same modality: how near the encoder alone finds the two to the query. */
  readonly direct: { readonly expected: number; readonly winner: number } | null;
  /**
   * Alignment without training: the query's mean cosine with the partners of each one's nearest
   * training items. `z`: the difference over its standard error. Null: too few training pairs.
   */
  readonly vote: {
    readonly expected: number;
    readonly winner: number;
    readonly z: number;
    readonly neighbours: number;
  } | null;
}

/**
 * `encoder`: the frozen features do not tell the two apart, or prefer the winner. `alignment`: they
 * do prefer the expected item, so what was learned lost it. `first`: nothing was missed.
 */
export type MissVerdict = "encoder" | "alignment" | "undecided" | "first";

const NEAR = 10; // places: recall@10 is what the results are judged by

/**
 * Standard errors the training neighbours must differ by. On the sample's misses 1 finds a
 * scrambled alignment in 77 % and scrambled features in 86 %, and takes one for the other in 10 % and 1 % (docs/explain.md).
 */
const CLEAR = 1;

/** Whether encoder or alignment is to blame. The training neighbours are heard first. */
export function judgeMiss(evidence: MissEvidence): Exclude<MissVerdict, "first"> {
  const { nearness, wording, direct, vote } = evidence;
  if (direct) return direct.expected > direct.winner ? "alignment" : "encoder";
  if (vote && vote.z > CLEAR) return "alignment";
  if (vote && vote.z < -CLEAR) return "encoder";
  const isConfused =
    nearness.place <= NEAR ||
    (wording !== null && (wording.place <= NEAR || wording.winner >= wording.expected));
  // Of a handful of items everyone is among the ten nearest.
  return isConfused && nearness.others > 2 * NEAR ? "encoder" : "undecided";
}
