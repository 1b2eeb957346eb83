import { OnnxGraph, type OnnxFacts } from "../formats/onnxModel";
import type { Pieces } from "../formats/protobuf";
import type { TunedKernel } from "./convolve";
import { widthOf, type FittedKernels } from "./fitKernels";
import { KERNEL_LENGTH, paddedChannels, partWidth, type KernelPlan } from "./kernels";

/** Names of what the model takes and gives. */
const KERNEL_MODEL = {
  input: "features",
  lengths: "lengths",
  output: "embedding",
} as const;

/** What a model of kernels says beside its graph. */
export type KernelFacts = Omit<OnnxFacts, "inputs" | "output">;

/** Below every answer; a time beyond a window's end gets it. */
const NEVER = -1e4;

/**
 * Fitted kernels as an ONNX model of opset 17: `features` [batch, channels, frames] float32 and
 * `lengths` [batch] int64 → `embedding` [batch, width].
 *
 * Times from a window's length on count for nothing, whatever they hold: an embedding does not
 * depend on what it was padded with. Weights are stored as int8 and turned into float32 by Cast and
 * Mul, which runtimes do once, when they load the file.
 */
export function kernelModel(fitted: FittedKernels, facts: KernelFacts): Pieces {
  const graph = new OnnxGraph();
  const { input, lengths, output } = KERNEL_MODEL;
  const time = validTimes(graph);
  const never = graph.scalar("never", NEVER);
  const zero = graph.scalar("zero", 0);
  const pooling: Pooling = { graph, valid: time.valid, never, zero, one: graph.scalar("one", 1) };
  const clean = withZeroChannels(
    graph,
    graph.node("Where", [time.valid, input, zero]),
    fitted.plan.channels,
  );
  const parts = new Map<number, string>();
  const sums: string[] = [];
  const largest: string[] = [];
  for (const group of groupsOf(fitted)) {
    const { part } = group;
    const seen = parts.get(part) ?? channelsOf(graph, clean, { part, plan: fitted.plan });
    parts.set(part, seen);
    const pooled = pool(pooling, convolution(graph, seen, group));
    sums.push(pooled.sum);
    largest.push(pooled.largest);
  }
  const side = { attributes: { axis: 1 } };
  const shares = graph.node("Div", [graph.node("Concat", sums, side), time.lengths]);
  const features = graph.node("Concat", [shares, ...largest], side);
  finish(graph, features, fitted);
  return graph.model({
    ...facts,
    inputs: [
      { name: input, shape: ["batch", fitted.plan.channels, "frames"] },
      { name: lengths, shape: ["batch"], type: "int64" },
    ],
    output: { name: output, shape: ["batch", widthOf(fitted)] },
  });
}

/** Kernels that are one convolution. */
interface Group {
  readonly dilation: number;
  readonly part: number;
  /** Channels of the part. */
  readonly channels: number;
  readonly kernels: readonly TunedKernel[];
}

/** In the order of the kernels, which are drawn by part and dilation: so is the embedding. */
function groupsOf({ kernels, plan }: FittedKernels): Group[] {
  const channels = partWidth(plan);
  const starts = kernels.flatMap(({ part, dilation }, k) => {
    const before = kernels[k - 1];
    return before?.part === part && before.dilation === dilation ? [] : [k];
  });
  return starts.flatMap((start, i) => {
    const own = kernels.slice(start, starts[i + 1]);
    const [one] = own;
    return one ? [{ dilation: one.dilation, part: one.part, channels, kernels: own }] : [];
  });
}

/** Which times count [batch, 1, frames], and how many of them there are [batch, 1], at least 1. */
function validTimes(graph: OnnxGraph): { readonly valid: string; readonly lengths: string } {
  const { input, lengths } = KERNEL_MODEL;
  const frames = graph.node("Shape", [input], { attributes: { start: 2, end: 3 } });
  const start = graph.scalar("start", 0, "int64");
  const step = graph.scalar("step", 1, "int64");
  const count = graph.node("Squeeze", [frames]);
  const toFloat = { attributes: { to: 1 } };
  const times = graph.node("Cast", [graph.node("Range", [start, count, step])], toFloat);
  const float = graph.node("Cast", [lengths], toFloat);
  const column = graph.node("Reshape", [float, graph.integers("column", [-1, 1, 1])]);
  const valid = graph.node("Less", [times, column]);
  const flat = graph.node("Reshape", [float, graph.integers("flat", [-1, 1])]);
  return { valid, lengths: graph.node("Max", [flat, graph.scalar("least", 1)]) };
}

function withZeroChannels(graph: OnnxGraph, input: string, channels: number): string {
  const added = paddedChannels(channels) - channels;
  return added === 0
    ? input
    : graph.node("Pad", [input, graph.integers("added", [0, 0, 0, 0, added, 0])]);
}

function channelsOf(
  graph: OnnxGraph,
  input: string,
  { part, plan }: { readonly part: number; readonly plan: KernelPlan },
): string {
  if (partWidth(plan) === paddedChannels(plan.channels)) return input;
  const ends = [part, part + partWidth(plan)] as const;
  return graph.node("Slice", [
    input,
    graph.integers("from", [ends[0]]),
    graph.integers("to", [ends[1]]),
    graph.integers("axis", [1]),
  ]);
}

/** gain · y + bias of every kernel of a group: [batch, kernels, frames]. */
function convolution(graph: OnnxGraph, input: string, group: Group): string {
  const { dilation, part, channels, kernels } = group;
  const count = kernels.length;
  const weights = new Int8Array(count * channels * KERNEL_LENGTH);
  kernels.forEach((kernel, k) => {
    weights.set(kernel.weights, (k * channels + kernel.first - part) * KERNEL_LENGTH);
  });
  const whole = graph.bytes("kernels", [count, channels, KERNEL_LENGTH], weights);
  const gains = Float32Array.from(kernels, ({ gain }) => gain);
  const scaled = graph.node("Mul", [
    graph.node("Cast", [whole], { attributes: { to: 1 } }),
    graph.floats("gain", [count, 1, 1], gains),
  ]);
  const biases = Float32Array.from(kernels, ({ bias }) => bias);
  const pad = ((KERNEL_LENGTH - 1) / 2) * dilation;
  return graph.node("Conv", [input, scaled, graph.floats("bias", [count], biases)], {
    attributes: { dilations: [dilation], kernel_shape: [KERNEL_LENGTH], pads: [pad, pad] },
  });
}

interface Pooling {
  readonly graph: OnnxGraph;
  readonly valid: string;
  readonly never: string;
  readonly zero: string;
  readonly one: string;
}

function pool({ graph, valid, never, zero, one }: Pooling, answers: string) {
  const kept = graph.node("Where", [valid, answers, never]);
  const ramp = graph.node("Clip", [kept, zero, one]);
  return {
    sum: graph.node("ReduceSum", [ramp, graph.integers("time", [2])], {
      attributes: { keepdims: 0 },
    }),
    largest: graph.node("ReduceMax", [kept], { attributes: { axes: [2], keepdims: 0 } }),
  };
}

/** The last nodes, which write the embedding. */
function finish(graph: OnnxGraph, features: string, { scale, reduction }: FittedKernels): void {
  const width = scale.centre.length;
  const centred = graph.node("Sub", [features, graph.floats("centre", [width], scale.centre)]);
  const gain = graph.floats("scale", [width], scale.scale);
  if (!reduction) {
    graph.node("Mul", [centred, gain], { name: KERNEL_MODEL.output });
    return;
  }
  const standard = graph.node("Mul", [centred, gain]);
  const whole = graph.bytes("directions", [width, reduction.width], reduction.weights);
  const weights = graph.node("Mul", [
    graph.node("Cast", [whole], { attributes: { to: 1 } }),
    graph.floats("direction_scale", [reduction.width], reduction.scale),
  ]);
  graph.node("MatMul", [standard, weights], { name: KERNEL_MODEL.output });
}
