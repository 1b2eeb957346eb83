import type { AudioPreprocessing } from "../../src/core/domain/audioPreprocessing";
import type { EncoderSpec } from "../../src/core/domain/encoder";
import { rng, seedFrom } from "../../src/core/math/rng";
import { FLOAT, floats, int64s, ints, node, onnxModel, value } from "./writeOnnx";

// Small networks with the inputs and outputs of the hub's audio encoders, at their real width.

type Kind = Exclude<AudioPreprocessing["features"]["kind"], "log-mel">;

/** Values a tiny network's matrix has rows for: bands, or one for a waveform. */
export const TINY_AUDIO_INPUTS: Readonly<Record<Kind, number>> = {
  whisper: 80,
  "kaldi-fbank": 128,
  clap: 64,
  waveform: 1,
  samples: 1,
};

/** W of the tiny network of a catalogue entry, [inputs, width], row-major. */
export function tinyAudioWeights(
  { id, width }: EncoderSpec,
  kind: Kind,
): Float32Array<ArrayBuffer> {
  const random = rng(seedFrom(id));
  return Float32Array.from({ length: TINY_AUDIO_INPUTS[kind] * width }, () => random() - 0.5);
}

/**
 * A network in the place of a catalogue entry's: same input, same output, same shapes. Its output is
 * the features' mean (CLAP, AST: over all frames; Whisper: of every two frames; waveforms: of every
 * 320 samples, squared), times a random matrix.
 */
export function tinyAudioModel(
  spec: EncoderSpec,
  { features, input }: AudioPreprocessing,
): Uint8Array<ArrayBuffer> {
  if (features.kind === "log-mel") throw new Error("not a hub encoder");
  const [output] = Object.values(spec.outputs);
  const name = typeof output === "string" ? output : (output?.tokens ?? "");
  const data = tinyAudioWeights(spec, features.kind);
  const { dims, nodes, result } = NETWORKS[features.kind](spec.width);
  return onnxModel({
    nodes: [...nodes.map((each) => each(input)), node("MatMul", [["pooled", "W"], [name]])],
    weights: [
      floats("W", { shape: [TINY_AUDIO_INPUTS[features.kind], spec.width], data }),
      int64s("one", [1]),
    ],
    inputs: [value(input, FLOAT, dims)],
    outputs: [value(name, FLOAT, result)],
  });
}

interface Network {
  readonly dims: readonly (number | string)[];
  /** From the input to `pooled`. */
  readonly nodes: readonly ((input: string) => number[])[];
  readonly result: readonly (number | string)[];
}

const mean = (axes: readonly number[]) => (input: string) =>
  node("ReduceMean", [[input], ["pooled"]], [ints("axes", axes), ints("keepdims", 0)]);

const ofSamples = (width: number): Network => ({
  dims: ["batch", "samples"],
  nodes: [
    (input) => node("Mul", [[input, input], ["squared"]]),
    () => node("Unsqueeze", [["squared", "one"], ["channel"]]),
    () => averagePool("channel", 320),
    () => node("Transpose", [["averaged"], ["pooled"]], [ints("perm", [0, 2, 1])]),
  ],
  result: ["batch", "tokens", width],
});

const NETWORKS: Readonly<Record<Kind, (width: number) => Network>> = {
  whisper: (width) => ({
    dims: ["batch", 80, 3000],
    nodes: [
      (input) => averagePool(input, 2),
      () => node("Transpose", [["averaged"], ["pooled"]], [ints("perm", [0, 2, 1])]),
    ],
    result: ["batch", 1500, width],
  }),
  "kaldi-fbank": (width) => ({
    dims: ["batch", 1024, 128],
    nodes: [mean([1])],
    result: ["batch", width],
  }),
  clap: (width) => ({
    dims: ["batch", 1, 1001, 64],
    nodes: [mean([1, 2])],
    result: ["batch", width],
  }),
  waveform: ofSamples,
  samples: ofSamples,
};

function averagePool(input: string, size: number): number[] {
  return node(
    "AveragePool",
    [[input], ["averaged"]],
    [ints("kernel_shape", [size]), ints("strides", [size])],
  );
}
