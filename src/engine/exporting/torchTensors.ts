import type { Projector, TensorData } from "../../core/domain/projector";
import type { TensorToWrite } from "../../core/formats/safetensors";
import { tensorOf } from "./architecture";

/**
 * A projector's tensors by the names and in the layout of PyTorch: dense weights [out, in], which is
 * the transpose of ours.
 *
 * - `norm.weight`, `norm.bias`: gain and shift of the LayerNorm.
 * - `layers.{i}.weight`, `layers.{i}.bias`: the dense layers one after the other.
 * - `skip.*`: the linear branch beside them (freeze-align, low-rank).
 * - `gate.*`: SAIL's gate; `gate` []: the logit of low-rank's.
 * - `mean`, `output_scale`, `anchors`: closed forms.
 * - `cls.*`, `patches.*`: freeze-align's two halves, each with all of the above.
 */
export function torchTensors(projector: Projector): TensorToWrite[] {
  const at = (name: string) => tensorOf(projector, name);
  switch (projector.kind) {
    case "identity":
      return [];
    case "linear":
      return [
        as("mean", at("mean")),
        transposed("layers.0.weight", at("weight")),
        ...(projector.tensors["outputScale"] ? [as("output_scale", at("outputScale"))] : []),
      ];
    case "asif":
      return [
        as("anchors", at("anchors")),
        ...(projector.tensors["mean"] ? [as("mean", at("mean"))] : []),
      ];
    case "layer-norm-linear":
      return [...norm(at), ...dense("layers.0", at("input.weight"), at("input.bias"))];
    case "freeze-align":
      return freezeAlign(at);
    case "freeze-align-tokens":
      return ["cls", "patches"].flatMap((part) =>
        freezeAlign((name) => at(`${part}.${name}`)).map((tensor) => ({
          ...tensor,
          name: `${part}.${tensor.name}`,
        })),
      );
    case "sail": {
      const [gate, value] = [half(at("input.weight"), 0), half(at("input.weight"), 1)];
      return [
        ...norm(at),
        ...dense("gate", gate, half(at("input.bias"), 0)),
        ...dense("layers.0", value, half(at("input.bias"), 1)),
        ...dense("layers.1", at("output.weight"), at("output.bias")),
      ];
    }
    case "low-rank":
      return [
        transposed("skip.weight", at("linear.weight")),
        transposed("layers.0.weight", at("down.weight")),
        transposed("layers.1.weight", at("up.weight")),
        as("gate", at("gate")),
      ];
  }
}

type Lookup = (name: string) => TensorData;

function freezeAlign(at: Lookup): TensorToWrite[] {
  const [weight, bias] = [at("input.weight"), at("input.bias")];
  return [
    ...norm(at),
    ...dense("skip", half(weight, 0), half(bias, 0)),
    ...dense("layers.0", half(weight, 1), half(bias, 1)),
    ...dense("layers.1", at("hidden.weight"), at("hidden.bias")),
  ];
}

const norm = (at: Lookup): TensorToWrite[] => [
  as("norm.weight", at("norm.gain")),
  as("norm.bias", at("norm.shift")),
];

const dense = (name: string, weight: TensorData, bias: TensorData): TensorToWrite[] => [
  transposed(`${name}.weight`, weight),
  as(`${name}.bias`, bias),
];

const as = (name: string, { shape, data }: TensorData): TensorToWrite => ({
  name,
  shape,
  values: data,
});

/** [in, out] as [out, in]. */
function transposed(name: string, { shape, data }: TensorData): TensorToWrite {
  const [inputs = 0, outputs = 0] = shape;
  const values = new Float32Array(data.length);
  for (let i = 0; i < inputs; i++) {
    for (let o = 0; o < outputs; o++) values[o * inputs + i] = data[i * outputs + o]!;
  }
  return { name, shape: [outputs, inputs], values };
}

/** The first or second half of the columns: two layers lie side by side in one tensor. */
export function half({ shape, data }: TensorData, which: 0 | 1): TensorData {
  const cols = shape.at(-1) ?? 0;
  const kept = cols / 2;
  const rows = shape.length === 2 ? shape[0]! : 1;
  const out = new Float32Array(rows * kept);
  for (let r = 0; r < rows; r++) {
    const start = r * cols + which * kept;
    out.set(data.subarray(start, start + kept), r * kept);
  }
  return { shape: shape.length === 2 ? [rows, kept] : [kept], data: out };
}
