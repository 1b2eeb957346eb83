import type { Matrix } from "../math/matrix";
import type { Split } from "./dataset";
import type { AlignedModality } from "./modality";

/** The frozen embeddings of a project and which of them belong together. */
export interface AlignmentData {
  /** [N_image, D_image] and [N_text, D_text]: raw encoder outputs, not normalised. */
  readonly image: Matrix;
  readonly text: Matrix;
  readonly pairs: PairTable;
  /**
   * Digest of the item behind each row, so that two runs can tell whether they were asked the same.
   * Absent where rows have no items (synthetic data): then row numbers stand for them.
   */
  readonly digests?: Readonly<Record<AlignedModality, readonly string[]>>;
}

/** Pairs as columns, all of length `length`. */
export interface PairTable {
  readonly length: number;
  /** Row of `AlignmentData.image` and of `.text`. */
  readonly image: Uint32Array;
  readonly text: Uint32Array;
  readonly split: readonly Split[];
  /**
   * Connected component of the pair graph (items joined by pairs): the captions of one image and
   * the images of one caption share it. A batch takes each component at most once.
   */
  readonly component: Uint32Array;
}
