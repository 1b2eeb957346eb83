import type { MethodId } from "../domain/alignSettings";

/** An alignment method as the Align screen and the recipe checker list it. */
export interface MethodSpec {
  readonly id: MethodId;
  readonly name: string;
  /** One plain sentence. */
  readonly summary: string;
  readonly source: string;
  /** `auto` tries closed forms and trained heads, and keeps what validation likes best. */
  readonly kind: "trained" | "closed-form" | "auto";
}

/** Every method, in the order the Align screen lists them. */
export const METHODS = [
  {
    id: "auto",
    name: "Automatic",
    summary:
      "Tries the closed forms and the trained heads that suit this many pairs, and keeps the one that retrieves best on the validation pairs.",
    source: "Comparison on the validation split",
    kind: "auto",
  },
  {
    id: "freeze-align",
    name: "freeze-align head",
    summary:
      "Two small networks (a linear branch plus a GELU branch after LayerNorm) trained so that true pairs score higher than all others in the batch.",
    source: "Maniparambil et al., CVPR 2025, arXiv 2409.19425",
    kind: "trained",
  },
  {
    id: "linear",
    name: "Linear heads",
    summary: "One matrix per side after LayerNorm, trained with the same contrastive loss.",
    source: "Radford et al., ICML 2021, arXiv 2103.00020",
    kind: "trained",
  },
  {
    id: "sail",
    name: "SAIL gated heads",
    summary:
      "Two wide layers multiplied with each other, then a third, on both sides; many more parameters, for some ten thousand pairs and more.",
    source: "Zhang, Yang, Agrawal, CVPR 2025, arXiv 2412.04616",
    kind: "trained",
  },
  {
    id: "low-rank",
    name: "Low-rank residual heads",
    summary:
      "One matrix that starts as a rotation, plus a narrow GELU branch behind a gate that opens as far as it helps.",
    source: "After Gröger, Wen, Le, Brbić, NeurIPS 2025, arXiv 2506.16895",
    kind: "trained",
  },
  {
    id: "csa",
    name: "CSA (regularised CCA)",
    summary: "The directions that correlate most across both sides, in closed form; seconds.",
    source: "Li, Chinchali, Topcu, ICLR 2025, arXiv 2410.07610",
    kind: "closed-form",
  },
  {
    id: "ridge",
    name: "Ridge regression",
    summary: "Predicts the caption's embedding from the picture's, in closed form; seconds.",
    source: "Hoerl and Kennard, Technometrics 1970",
    kind: "closed-form",
  },
  {
    id: "procrustes",
    name: "Procrustes",
    summary: "The rotation that best lays one space on the other, in closed form; seconds.",
    source: "Schönemann 1966; Maiorca et al., NeurIPS 2023",
    kind: "closed-form",
  },
  {
    id: "asif",
    name: "ASIF (anchors)",
    summary:
      "Describes every item by its nearest training pairs; nothing is learned, and it needs many pairs.",
    source: "Norelli et al., NeurIPS 2023, arXiv 2210.01738",
    kind: "closed-form",
  },
] as const satisfies readonly MethodSpec[];

/** The method's entry. Undefined only for ids of other versions, in stored runs. */
export function methodById(id: MethodId): MethodSpec | undefined {
  return METHODS.find((method) => method.id === id);
}
