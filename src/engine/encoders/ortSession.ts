import type * as ort from "onnxruntime-web";
import type { TensorInfo } from "../../core/domain/ownModel";
import type { DescribedSession, Feeds, OutputTensor, Tensor } from "./session";

type OrtTensor = typeof ort.Tensor;

/**
 * The runtime's session as ours, whichever of its builds made it.
 *
 * @param Tensor that build's class of tensors.
 */
export function describeSession(
  session: ort.InferenceSession,
  Tensor: OrtTensor,
): DescribedSession {
  const inputs = session.inputMetadata.map(infoOf);
  const types = new Map(inputs.map(({ name, type }) => [name, type]));
  return {
    inputs,
    outputs: session.outputMetadata.map(infoOf),
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: async (feeds, outputs) => {
      const results = await session.run(tensors(feeds, types, Tensor), [...outputs]);
      return Object.fromEntries(outputs.map((name) => [name, copy(name, results[name])]));
    },
    release: () => session.release(),
  };
}

function infoOf(value: ort.InferenceSession.ValueMetadata): TensorInfo {
  const { name } = value;
  return value.isTensor
    ? { name, type: value.type, shape: value.shape }
    : { name, type: "not a tensor", shape: [] };
}

/** Copied: the runtime may reuse its memory for the next run. */
function copy(name: string, tensor: ort.Tensor | undefined): OutputTensor {
  if (tensor?.type === "float32") {
    return { data: (tensor.data as Float32Array).slice(), dims: tensor.dims };
  }
  if (tensor?.type !== "float16") throw new Error(`output “${name}” is not float32`);
  // Bits where the browser has no Float16Array, else numbers already.
  const data = tensor.data as ArrayLike<number>;
  const values = data instanceof Uint16Array ? Float32Array.from(data, halfOf) : undefined;
  return { data: values ?? Float32Array.from(data), dims: tensor.dims };
}

/** A number from its half precision bits (IEEE 754 binary16). */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Token ids are int64 to us; some exports take int32. */
function tensors(
  feeds: Feeds,
  types: ReadonlyMap<string, string>,
  Tensor: OrtTensor,
): Record<string, ort.Tensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, tensor]) => [
      name,
      tensorOf(tensor, types.get(name), Tensor),
    ]),
  );
}

function tensorOf(
  { kind, data, dims }: Tensor,
  wanted: string | undefined,
  OrtTensor: OrtTensor,
): ort.Tensor {
  if (kind === "float32") return new OrtTensor("float32", data, dims);
  return wanted === "int32"
    ? new OrtTensor("int32", Int32Array.from(data, Number), dims)
    : new OrtTensor("int64", data, dims);
}
