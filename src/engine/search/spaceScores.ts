import { ALIGNED_MODALITIES, type AlignedModality } from "../../core/domain/modality";
import type { Split } from "../../core/domain/dataset";
import type { ScoreSettings } from "../../core/domain/query";
import { dot, takeRows, type Matrix } from "../../core/math/matrix";
import type { Progress } from "../../core/progress";
import { breathe } from "../align/breathe";
import { throttleProgress } from "../throttleProgress";
import { bankOf, centre, centredRows, centringOf, meanNearest, type Centring } from "./corrections";
import type { Scoring } from "./scan/exactTop";
import { LazyQuantized } from "./scan/lazyQuantized";
import type { QuantizedRows } from "./scan/quantizedRows";

type Sides<T> = Readonly<Record<AlignedModality, T>>;

export interface ScoringRequest extends ScoreSettings {
  /** [P], as `asked` and `combineTerms` leave it. */
  readonly query: Float32Array;
  /** The modality the query is of, whose bank CSLS takes. */
  readonly from: AlignedModality;
  readonly target: AlignedModality;
}

/** What searching a space takes beside its vectors, worked out when first asked for and then kept. */
export class SpaceScores {
  readonly #vectors: Sides<Matrix>;
  readonly #training: Sides<Uint32Array>;
  readonly #quantized: Sides<LazyQuantized>;
  readonly #centrings: Partial<Record<AlignedModality, Centring>> = {};
  readonly #penalties = new Map<string, Shared>();

  /** @param splits of each row. */
  constructor(vectors: Sides<Matrix>, splits: Sides<readonly Split[]>) {
    this.#vectors = vectors;
    this.#training = bothSides((side) =>
      Uint32Array.from(splits[side].keys()).filter((r) => splits[side][r] === "train"),
    );
    this.#quantized = bothSides((side) => new LazyQuantized(vectors[side]));
  }

  /** The rows as bytes for a fast first pass; null where they are not ready, or not worth it. */
  quantized(modality: AlignedModality): QuantizedRows | null {
    return this.#quantized[modality].get();
  }

  /** A vector of the space as a query under these settings takes it. @throws `data/too-few`. */
  asked(
    vector: Float32Array<ArrayBuffer>,
    modality: AlignedModality,
    { centred }: ScoreSettings,
  ): Float32Array<ArrayBuffer> {
    return centred ? centre(vector, this.#centring(modality).mean) : vector;
  }

  /**
   * How dot products with the target's rows become scores. The first with CSLS scores every row with
   * the bank of the other side, in blocks, so that other queries are answered in between.
   *
   * @throws AppError `data/too-few` without training items.
   */
  async scoring(
    { query, ...which }: ScoringRequest,
    report: (progress: Progress) => void,
  ): Promise<Scoring> {
    const centring = which.centred ? this.#centring(which.target) : undefined;
    return {
      centred: centring && { inverses: centring.inverses, shift: dot(query, centring.mean) },
      penalties: which.csls ? await this.#penaltiesOf(which, report) : undefined,
    };
  }

  /** Rows as these settings compare them: as they are, or centred. [rows.length, P] */
  rows(side: AlignedModality, rows: ArrayLike<number>, { centred }: ScoreSettings): Matrix {
    const vectors = this.#vectors[side];
    return centred
      ? centredRows(vectors, rows, this.#centring(side).mean)
      : takeRows(vectors, rows);
  }

  /** Mean score of some vectors with their 10 best of the bank of a side, as CSLS takes it. */
  async meanNearest(
    items: Matrix,
    from: AlignedModality,
    settings: ScoreSettings,
  ): Promise<Float64Array> {
    const bank = this.rows(from, bankOf(this.#training[from], from), settings);
    const block = (start: number, end: number) => takeRows(items, range(start, end));
    return meanNearest({ rows: items.rows, block }, bank, { breathe: () => breathe(undefined) });
  }

  /** Frees what only a search needs; one that still runs goes on without. */
  release(): void {
    for (const side of ALIGNED_MODALITIES) this.#quantized[side].release();
  }

  #centring(modality: AlignedModality): Centring {
    return (this.#centrings[modality] ??= centringOf(
      this.#vectors[modality],
      this.#training[modality],
      modality,
    ));
  }

  #penaltiesOf(
    which: Omit<ScoringRequest, "query">,
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
    { from, target, ...settings }: Omit<ScoringRequest, "query">,
    report: (progress: Progress) => void,
  ): Promise<Float64Array> {
    const bank = bankOf(this.#training[from], from);
    const total = this.#vectors[target].rows;
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

/** One computation that several queries wait for. */
interface Shared {
  readonly value: Promise<Float64Array>;
  readonly listeners: Set<(progress: Progress) => void>;
}

const bothSides = <T>(of: (side: AlignedModality) => T): Sides<T> => ({
  image: of("image"),
  text: of("text"),
});

const range = (start: number, end: number) =>
  Array.from({ length: end - start }, (_, i) => start + i);
