import type { AlignmentData, PairTable } from "../../core/domain/alignmentData";
import { SPLITS, type Split } from "../../core/domain/dataset";
import { AppError } from "../../core/errors";
import { matrix, row, type Matrix } from "../../core/math/matrix";
import { pairsByComponent } from "../align/sampler";
import { pairsByCaption, type ItemLinks } from "./links";

const LEAST_PAIRS = 10; // as for a run: fewer and a batch means nothing

/** Items with their captions and splits, row by row. */
export interface LinkedRows extends ItemLinks {
  /** Frozen shared vectors of an anchor, raw encoder outputs of what joins. */
  readonly rows: Matrix;
}

/** A frozen member's items to train against. */
export interface AnchorRows extends LinkedRows {
  readonly memberId: string;
  /** In words, for errors. */
  readonly name: string;
}

/**
 * What one projector is trained on.
 *
 * The trainer calls its two sides `image` and `text`. Here, and only here, that means: `image` is
 * what joins, whatever its modality, `text` is the frozen side, whatever members it is made of.
 */
export interface JoinData {
  /** Every anchor's rows, one after another, and all pairs: what validation asks. */
  readonly data: AlignmentData;
  /** The same by anchor: steps take them in turn, each against its own items only. */
  readonly turns: readonly AlignmentData[];
  /** Pairs of each anchor, in the order of `turns`. */
  readonly pairs: readonly number[];
  readonly splits: Readonly<Record<Split, number>>;
}

/**
 * Pairs what joins with the items of its anchors by equal captions.
 *
 * @throws AppError `hub/nothing-linked` for an anchor without pairs, `data/too-few`,
 *   `data/equal-captions`, `data/one-group`, `embeddings/non-finite`, `embeddings/constant`.
 */
export function joinDataOf(joining: LinkedRows, anchors: readonly AnchorRows[]): JoinData {
  const turns = anchors.map((anchor): AlignmentData => {
    const pairs = pairsByCaption(joining, anchor);
    if (pairs.length === 0) throw new AppError("hub/nothing-linked", anchor.name);
    return { image: joining.rows, text: anchor.rows, pairs };
  });
  turns.forEach((turn, i) => checkTurn(turn, anchors[i]?.name ?? ""));
  const data = stacked(turns);
  const splits = Object.fromEntries(SPLITS.map((split) => [split, 0])) as Record<Split, number>;
  for (const split of data.pairs.split) splits[split]++;
  return { data, turns, pairs: turns.map(({ pairs }) => pairs.length), splits };
}

/** One data set of all turns; the pairs of a turn stay together and in order. */
function stacked(turns: readonly AlignmentData[]): AlignmentData {
  const [only] = turns;
  if (!only) throw new AppError("internal", "a joining without anchors");
  if (turns.length === 1) return only;
  const rows = turns.reduce((sum, { text }) => sum + text.rows, 0);
  const text = matrix(rows, only.text.cols);
  const length = turns.reduce((sum, { pairs }) => sum + pairs.length, 0);
  const pairs = {
    length,
    image: new Uint32Array(length),
    text: new Uint32Array(length),
    split: turns.flatMap((turn) => [...turn.pairs.split]),
    component: new Uint32Array(length),
  } satisfies PairTable;
  let [done, first, components] = [0, 0, 0];
  for (const turn of turns) {
    text.data.set(turn.text.data, first * text.cols);
    pairs.image.set(turn.pairs.image, done);
    for (let p = 0; p < turn.pairs.length; p++) {
      pairs.text[done + p] = first + (turn.pairs.text[p] ?? 0);
      pairs.component[done + p] = components + (turn.pairs.component[p] ?? 0);
    }
    done += turn.pairs.length;
    first += turn.text.rows;
    components += turn.pairs.component.reduce((most, own) => Math.max(most, own + 1), 0);
  }
  return { image: only.image, text, pairs };
}

/** Refuses pairs on which no projector can be trained, before any time is spent. */
function checkTurn({ image, text, pairs }: AlignmentData, anchor: string): void {
  const training = Array.from(pairs.split.keys()).filter((p) => pairs.split[p] === "train");
  if (training.length < LEAST_PAIRS) {
    const detail = `${training.length} training pairs with ${anchor}; at least ${LEAST_PAIRS} are needed`;
    throw new AppError("data/too-few", detail);
  }
  checkFinite(image, pairs.image, "items that join");
  checkFinite(text, pairs.text, anchor);
  const partners = new Set(training.map((p) => pairs.text[p]));
  if (partners.size === 1) {
    const detail = `${training.length} training pairs with one item of ${anchor}`;
    throw new AppError("data/equal-captions", detail);
  }
  if (pairsByComponent(pairs, "train").length < 2) {
    throw new AppError("data/one-group", `${training.length} training pairs with ${anchor}`);
  }
  const used = new Set(training.map((p) => pairs.image[p] ?? 0));
  checkVaries(image, used, "items that join");
  checkVaries(text, new Set(training.map((p) => pairs.text[p] ?? 0)), anchor);
}

function checkFinite(rows: Matrix, used: Uint32Array, name: string): void {
  for (const r of new Set(used)) {
    const at = row(rows, r).findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    const detail = `${name}, ${r + 1} of ${rows.rows}: ${row(rows, r)[at]} at dimension ${at + 1}`;
    throw new AppError("embeddings/non-finite", detail);
  }
}

function checkVaries(rows: Matrix, used: ReadonlySet<number>, name: string): void {
  const [first = 0] = used;
  const held = row(rows, first);
  for (const r of used) if (row(rows, r).some((value, d) => value !== held[d])) return;
  throw new AppError("embeddings/constant", `${name}: ${used.size}, all equal`);
}
