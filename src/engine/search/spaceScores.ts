import type { AlignedModality } from "../../core/domain/modality";
import type { Split } from "../../core/domain/dataset";
import type { ScoreSettings } from "../../core/domain/query";
import { AppError } from "../../core/errors";
import { dot, takeRows, type Matrix } from "../../core/math/matrix";
import type { Progress } from "../../core/progress";
import { breathe } from "../align/breathe";
import { throttleProgress } from "../throttleProgress";
import { bankOf, centre, centredRows, centringOf, meanNearest, type Centring } from "./corrections";
import type { Scoring } from "./scan/exactTop";
import { LazyQuantized } from "./scan/lazyQuantized";
import type { QuantizedRows } from "./scan/quantizedRows";

export interface ScoringRequest<Side extends string = AlignedModality> extends ScoreSettings {
  /** [P], as `asked` and `combineTerms` leave it. */
  readonly query: Float32Array;
  /** The side the query is of, whose bank CSLS takes. */
  readonly from: Side;
  readonly target: Side;
}

/** The vectors of one side of a space. */
export interface ScoredSide {
  /** [N, P] */
  readonly vectors: Matrix;
  /** Split of each row. */
  readonly splits: readonly Split[];
  /** What its training items are called, where there are none: `training pictures`. */
  readonly training: string;
}

/** What searching a space takes beside its vectors, worked out when first asked for and then kept. */
export class SpaceScores<Side extends string = AlignedModality> {
  readonly #sides: ReadonlyMap<string, KnownSide>;
  readonly #centrings = new Map<Side, Centring>();
  readonly #penalties = new Map<string, Shared>();

  constructor(sides: Readonly<Record<Side, ScoredSide>>) {
    this.#sides = new Map(
      Object.entries<ScoredSide>(sides).map(([side, known]) => [
        side,
        {
          ...known,
          trained: Uint32Array.from(known.splits.keys()).filter((r) => known.splits[r] === "train"),
          quantized: new LazyQuantized(known.vectors),
        },
      ]),
    );
  }

  /** The rows as bytes for a fast first pass; null where they are not ready, or not worth it. */
  quantized(side: Side): QuantizedRows | null {
    return this.#side(side).quantized.get();
  }

  /** A vector of the space as a query under these settings takes it. @throws `data/too-few`. */
  asked(
    vector: Float32Array<ArrayBuffer>,
    side: Side,
    { centred }: ScoreSettings,
  ): Float32Array<ArrayBuffer> {
    return centred ? centre(vector, this.#centring(side).mean) : vector;
  }

  /**
   * How dot products with the target's rows become scores. The first with CSLS scores every row with
   * the bank of the other side, in blocks, so that other queries are answered in between.
   *
   * @throws AppError `data/too-few` without training items.
   */
  async scoring(
    { query, ...which }: ScoringRequest<Side>,
    report: (progress: Progress) => void,
  ): Promise<Scoring> {
    const centring = which.centred ? this.#centring(which.target) : undefined;
    return {
      centred: centring && { inverses: centring.inverses, shift: dot(query, centring.mean) },
      penalties: which.csls ? await this.#penaltiesOf(which, report) : undefined,
    };
  }

  /** Rows as these settings compare them: as they are, or centred. [rows.length, P] */
  rows(side: Side, rows: ArrayLike<number>, { centred }: ScoreSettings): Matrix {
    const { vectors } = this.#side(side);
    return centred
      ? centredRows(vectors, rows, this.#centring(side).mean)
      : takeRows(vectors, rows);
  }

  /** Mean score of some vectors with their 10 best of the bank of a side, as CSLS takes it. */
  async meanNearest(items: Matrix, from: Side, settings: ScoreSettings): Promise<Float64Array> {
    const bank = this.rows(from, this.#bank(from), settings);
    const block = (start: number, end: number) => takeRows(items, range(start, end));
    return meanNearest({ rows: items.rows, block }, bank, { breathe: () => breathe(undefined) });
  }

  /** Frees what only a search needs; one that still runs goes on without. */
  release(): void {
    for (const { quantized } of this.#sides.values()) quantized.release();
  }

  #side(side: Side): KnownSide {
    const known = this.#sides.get(side);
    if (!known) throw new AppError("internal", `no side ${side} in this space`);
    return known;
  }

  #centring(side: Side): Centring {
    const known = this.#centrings.get(side);
    if (known) return known;
    const { vectors, trained, training } = this.#side(side);
    const made = centringOf(vectors, trained, training);
    this.#centrings.set(side, made);
    return made;
  }

  #bank(side: Side): Uint32Array {
    const { trained, training } = this.#side(side);
    return bankOf(trained, side, training);
  }

  #penaltiesOf(
    which: Omit<ScoringRequest<Side>, "query">,
    report: (progress: Progress) => void,
  ): Promise<Float64Array> {
    const key = `${which.from} ${which.target} ${which.centred}`;
    const shared = this.#penalties.get(key);
    if (shared) {
      shared.listeners.add(report);
      return shared.value;
    }
    const listeners = new Set([report]);
    const value = this.#meanNearest(which, (progress) => {
      for (const listener of listeners) listener(progress);
    }).finally(() => listeners.clear());
    this.#penalties.set(key, { value, listeners });
    value.catch(() => this.#penalties.delete(key)); // the caller has the error; the next tries again
    return value;
  }

  async #meanNearest(
    { from, target, ...settings }: Omit<ScoringRequest<Side>, "query">,
    report: (progress: Progress) => void,
  ): Promise<Float64Array> {
    const bank = this.#bank(from);
    const total = this.#side(target).vectors.rows;
    const send = throttleProgress(report);
    const progress = (done: number) => send({ stage: "neighbours", done, total, unit: "items" });
    const block = (start: number, end: number) => this.rows(target, range(start, end), settings);
    const means = await meanNearest({ rows: total, block }, this.rows(from, bank, settings), {
      selves: from === target ? bank : undefined,
      breathe: (done) => {
        progress(done);
        return breathe(undefined);
      },
    });
    progress(total);
    return means;
  }
}

interface KnownSide extends ScoredSide {
  /** Rows of training items. */
  readonly trained: Uint32Array;
  readonly quantized: LazyQuantized;
}

/** One computation that several queries wait for. */
interface Shared {
  readonly value: Promise<Float64Array>;
  readonly listeners: Set<(progress: Progress) => void>;
}

const range = (start: number, end: number) =>
  Array.from({ length: end - start }, (_, i) => start + i);
