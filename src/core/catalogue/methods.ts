import type { MethodId } from "../domain/alignSettings";

/** An alignment method as the Align screen and the recipe checker list it. */
export interface MethodSpec {
  readonly id: MethodId;
  readonly name: string;
  /** One plain sentence. */
  readonly summary: string;
  readonly source: string;
  readonly kind: "trained" | "closed-form";
}

/** The methods this version runs. The recipe format names more; they are refused with a reason. */
export const METHODS = [
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
] as const satisfies readonly MethodSpec[];

/** The method's entry, or undefined when this version does not run it. */
export function methodById(id: MethodId): MethodSpec | undefined {
  return METHODS.find((method) => method.id === id);
}
