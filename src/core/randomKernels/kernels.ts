import { AppError } from "../errors";
import { normal } from "../math/normal";
import { rng, seedFrom } from "../math/rng";

/** Values of a kernel along time; ROCKET draws 7, 9 or 11, MiniROCKET has 9 only. */
export const KERNEL_LENGTH = 9;

/** What random kernels are drawn from. The same plan gives the same kernels on every machine. */
export interface KernelPlan {
  readonly seed: number;
  /** Rows of the input: mel bands of a sound, channels of a sensor. */
  readonly channels: number;
  /** How many kernels. */
  readonly kernels: number;
  /** Fewest and most neighbouring channels that a kernel looks at; each number is equally likely. */
  readonly span: readonly [fewest: number, most: number];
  /** Steps in time between two of a kernel's values; each is equally likely. */
  readonly dilations: readonly number[];
}

/** One kernel: whole numbers that sum to zero, so that a constant input gives exactly zero. */
export interface Kernel {
  readonly dilation: number;
  /** The first channel it looks at. */
  readonly first: number;
  /** The first channel of its part: kernels of one part and one dilation make one convolution. */
  readonly part: number;
  /** [span, 9], channel after channel, in -127..127. */
  readonly weights: Int8Array<ArrayBuffer>;
}

/** Channels from the start of one part to the next: a convolution sees a part, not all of them. */
const PART_STEP = 8;

/**
 * Channels of the model's input after zero channels were added: up to 3 as they are, more up to a
 * multiple of 4. Otherwise onnxruntime-web 1.30 computes a convolution wrongly on WebGPU where its
 * kernels are a multiple of 4 (microsoft/onnxruntime #29651).
 */
export function paddedChannels(channels: number): number {
  return channels <= 3 ? channels : 4 * Math.ceil(channels / 4);
}

/** Channels in a part: the fewest that hold every kernel which starts in its first eight. */
export function partWidth({ channels, span: [, most] }: KernelPlan): number {
  return Math.min(paddedChannels(channels), paddedChannels(PART_STEP + most - 1));
}

/**
 * Kernels drawn from a plan, by part, then by dilation: normal weights of mean zero over
 * the whole kernel, rounded to 8 bits, at a random place of the channels.
 *
 * Source: ROCKET (Dempster, Petitjean and Webb 2020, arXiv 1910.13051), with MiniROCKET's single
 * length (Dempster, Schmidt and Webb 2021, arXiv 2012.08791); neighbouring channels instead of any.
 *
 * @throws AppError `data/shape` for a plan that cannot be drawn.
 */
export function drawKernels(plan: KernelPlan): Kernel[] {
  checkPlan(plan);
  const { seed, channels, kernels, span, dilations } = plan;
  const [fewest, most] = span;
  const lastPart = paddedChannels(channels) - partWidth(plan);
  return Array.from({ length: kernels }, (_, i) => {
    const random = rng(seedFrom("kernel", seed, i));
    const upTo = (count: number) => Math.floor(random() * count);
    const wide = fewest + upTo(most - fewest + 1);
    const first = upTo(channels - wide + 1);
    const dilation = dilations[upTo(dilations.length)] ?? 1;
    const drawn = Float64Array.from({ length: wide * KERNEL_LENGTH }, () => normal(random));
    const part = Math.min(lastPart, PART_STEP * Math.floor(first / PART_STEP));
    return { dilation, first, part, weights: wholeWeights(drawn) };
  }).sort((a, b) => a.part - b.part || a.dilation - b.dilation);
}

/** How many neighbouring channels a kernel looks at. */
export function spanOf({ weights }: Kernel): number {
  return weights.length / KERNEL_LENGTH;
}

/** Euclidean length of a kernel's weights: what its output is divided by. */
export function normOf({ weights }: Kernel): number {
  return Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
}

/** Scaled to the 8-bit range with mean zero; rounding's rest goes to the weights with most room. */
function wholeWeights(drawn: Float64Array): Int8Array<ArrayBuffer> {
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  const largest = drawn.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0);
  const weights = Int8Array.from(drawn, (value) => Math.round((127 * (value - mean)) / largest));
  let rest = weights.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; rest !== 0; i = (i + 1) % weights.length) {
    const weight = weights[i] ?? 0;
    if (Math.abs(weight) > 120) continue; // so that none leaves the range
    weights[i] = weight - Math.sign(rest);
    rest -= Math.sign(rest);
  }
  return weights;
}

function checkPlan({ channels, kernels, span: [fewest, most], dilations }: KernelPlan): void {
  const isWhole = [channels, kernels, fewest, most, ...dilations].every(
    (value) => Number.isInteger(value) && value >= 1,
  );
  if (isWhole && fewest <= most && most <= channels && dilations.length > 0) return;
  const what = `${kernels} kernels over ${fewest} to ${most} of ${channels} channels`;
  throw new AppError("data/shape", `${what}, dilations ${dilations.join()}`);
}
