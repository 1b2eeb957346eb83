import { HEAD_KINDS, type Projector, type TensorData } from "../../core/domain/projector";
import { AppError } from "../../core/errors";

/** Every form a projector leaves in; `load_aligned.py` knows exactly these. */
const EXPORTED_HEADS = [...HEAD_KINDS, "linear", "asif"] as const;
export type ExportedHead = (typeof EXPORTED_HEADS)[number];

/** What stands between the two layers of a head. */
export type Activation = "none" | "gelu" | "relu6-gate" | "power";

/** What `config.json` says of a projector's form. A reader must refuse fields it does not know. */
export interface Architecture {
  readonly head: ExportedHead;
  readonly input_dim: number;
  readonly output_dim: number;
  /** Dense layers one after the other, `layers.0` to `layers.{n-1}`. */
  readonly layers: number;
  /** ε of the LayerNorm before the first layer; null: there is none. */
  readonly layernorm_eps: number | null;
  /** `gelu` is the exact form, x Φ(x), as PyTorch's default. */
  readonly activation: Activation;
  /** Rows leave with length 1. */
  readonly normalize: true;
  /** The unit vector is multiplied by `output_scale` afterwards (CSA's correlations). */
  readonly output_scale: boolean;
  /** ASIF only: anchors kept for an item, and the power of their similarities. */
  readonly neighbours?: number;
  readonly power?: number;
}

const FORMS: Readonly<
  Record<ExportedHead, Pick<Architecture, "layers" | "layernorm_eps" | "activation">>
> = {
  identity: { layers: 0, layernorm_eps: null, activation: "none" },
  linear: { layers: 1, layernorm_eps: null, activation: "none" },
  "layer-norm-linear": { layers: 1, layernorm_eps: 1e-5, activation: "none" },
  "freeze-align": { layers: 2, layernorm_eps: 1e-5, activation: "gelu" },
  "freeze-align-tokens": { layers: 2, layernorm_eps: 1e-5, activation: "gelu" },
  sail: { layers: 2, layernorm_eps: 1e-5, activation: "relu6-gate" },
  "low-rank": { layers: 2, layernorm_eps: 1e-5, activation: "gelu" },
  asif: { layers: 0, layernorm_eps: null, activation: "power" },
};

/** The form of a projector as `config.json` has it. */
export function architectureOf({ kind, inputWidth, dimension, tensors }: Projector): Architecture {
  return {
    head: kind,
    input_dim: inputWidth,
    output_dim: dimension,
    ...FORMS[kind],
    normalize: true,
    output_scale: kind === "linear" && tensors["outputScale"] !== undefined,
    ...(kind === "asif" && {
      // 1,600 of 900 anchors are 900: TopK of a graph cannot ask for more than there are.
      neighbours: Math.min(scalar(tensors, "neighbours"), dimension),
      power: scalar(tensors, "power"),
    }),
  };
}

/**
 * A tensor of a projector.
 *
 * @throws AppError `internal` when it is missing: the projector is not of its kind.
 */
export function tensorOf({ kind, tensors }: Projector, name: string): TensorData {
  const tensor = tensors[name];
  if (!tensor) throw new AppError("internal", `a ${kind} projector without “${name}”`);
  return tensor;
}

function scalar(tensors: Projector["tensors"], name: string): number {
  const value = tensors[name]?.data[0];
  if (value === undefined) throw new AppError("internal", `asif without “${name}”`);
  return value;
}
