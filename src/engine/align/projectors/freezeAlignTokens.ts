import { standardizeRows } from "../standardizeRows";
import * as tf from "../tf";
import { freezeAlign } from "./freezeAlign";
import type { Head, HeadTensors, ParameterSpec } from "./head";

const PARTS = ["cls", "patches"] as const;

/**
 * freeze-align's image side on [CLS ; mean of the patch tokens], a token projector for each half:
 *
 *   z = TP_cls(CLS) + TP_loc(mean of the patches)
 *
 * The paper projects every patch and takes the mean of the projections; the linear branch gives the
 * same either way, the GELU branch and the LayerNorm before it do not, which is the price of storing
 * two vectors for an image instead of 257.
 *
 * Tensors are those of freezeAlign.ts twice, `cls.*` and `patches.*`. Each half is standardised by
 * itself.
 *
 * Source: Maniparambil et al., CVPR 2025, arXiv 2409.19425; repository mayug/freeze-align.
 */
export const freezeAlignTokens: Head = {
  kind: "freeze-align-tokens",
  dropout: freezeAlign.dropout,
  // Rows lie one after the other, so halves of rows do too.
  standardize: (data, width) => standardizeRows(data, width / 2),

  parameters(inputWidth, dimension): readonly ParameterSpec[] {
    return PARTS.flatMap((part) =>
      freezeAlign
        .parameters(inputWidth / 2, dimension)
        .map((spec) => ({ ...spec, name: `${part}.${spec.name}` })),
    );
  },

  apply(tensors: HeadTensors, standardized: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => {
      const halves = tf.split(standardized, 2, 1) as [tf.Tensor2D, tf.Tensor2D]; // [B, D / 2] each
      const [cls, patches] = PARTS.map((part, i) =>
        freezeAlign.apply(tensorsOf(tensors, part), halves[i]!),
      );
      return tf.add(cls!, patches!);
    });
  },
};

const tensorsOf = (tensors: HeadTensors, part: string): HeadTensors =>
  Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(`${part}.`))
      .map(([name, tensor]) => [name.slice(part.length + 1), tensor]),
  );
