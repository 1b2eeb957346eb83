import type * as tf from "../tf";
import type { Head, HeadTensors } from "./head";

/**
 * No projector: the encoder's own space is the shared one (P = D), and this side stays locked. Its
 * rows are compared as they are, by cosine.
 *
 * Sources: Zhai et al., CVPR 2022, arXiv 2111.07991 (LiT); Ruthardt et al., TMLR 2026, arXiv
 * 2410.07173 (ShareLock).
 */
export const identity: Head = {
  kind: "identity",
  dropout: 0,
  standardize() {},

  parameters: () => [],

  apply: (_tensors: HeadTensors, rows: tf.Tensor2D): tf.Tensor2D => rows.clone(),
};
