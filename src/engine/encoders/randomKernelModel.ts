import { sizeOf, type Pieces } from "../../core/formats/protobuf";
import type { Matrix } from "../../core/math/matrix";
import type { Progress } from "../../core/progress";
import { fitKernels, widthOf, type FittedKernels } from "../../core/randomKernels/fitKernels";
import { kernelModel } from "../../core/randomKernels/kernelModel";
import type { KernelPlan } from "../../core/randomKernels/kernels";
import { evenlySpaced } from "../../core/math/evenlySpaced";
import { AppError } from "../../core/errors";
import { nextMacrotask } from "../nextMacrotask";
import { throttleProgress } from "../throttleProgress";

/** Most channels a model is made for. */
const MOST_CHANNELS = 64;

/** Windows that thresholds and scales are taken from; more would not change them visibly. */
const MOST_CALIBRATION = 256;

/** Neighbouring channels that a kernel looks at, at most. */
const WIDEST_SPAN = 11;

/** Dilations reach as far as the windows allow, up to this; the next would span 1,025 readings. */
const LARGEST_DILATION = 64;

/** Readings of the shortest window that says anything: kernels are nine readings long. */
const FEWEST_READINGS = 16;

/** What a frozen encoder of sensor windows is made from. */
export interface RandomKernelOptions {
  readonly channels: number;
  readonly seed: number;
  /** Each [channels, T], standardised per channel; windows of training items only, at least two. */
  readonly calibration: readonly Matrix[];
  /** How many kernels; the embedding is twice as wide. */
  readonly kernels?: number;
  readonly report?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** An encoder as a file. */
export interface RandomKernelModel {
  /** ONNX, opset 17: `features` [B, C, T] float32, `lengths` [B] int64 → `embedding` [B, width]. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly width: number;
}

/**
 * A frozen encoder of random kernels for a project's own channels; the same options give the same
 * bytes. Kernels look at 1 to min(11, C) neighbouring channels, in the order they are given, with
 * dilations of powers of two as far as the median window reaches.
 *
 * Calibrates on at most 256 windows, evenly spaced. About 2 s for 1,000 kernels, 6 channels and
 * windows of 128 readings.
 *
 * @throws AppError `data/shape` for no channels, more than 64, fewer than two windows, windows of
 *   other channels or of fewer than 16 readings; `data/degenerate` where all windows are alike;
 *   `data/non-finite`; an AbortError when it is stopped.
 */
export async function randomKernelModel(options: RandomKernelOptions): Promise<RandomKernelModel> {
  const { kernels = 1000, channels, seed, signal } = options;
  const report = throttleProgress(options.report ?? (() => {}));
  checkWindows(options);
  const calibration = Array.from(
    evenlySpaced(options.calibration.length, MOST_CALIBRATION),
    (i) => options.calibration[i],
  ).filter((window) => window !== undefined);
  const plan: KernelPlan = {
    ...{ seed, channels, kernels },
    span: [1, Math.min(WIDEST_SPAN, channels)],
    dilations: dilationsFor(calibration),
  };
  const steps = fitKernels({ plan, calibration });
  for (;;) {
    const step = steps.next();
    if (step.done) return modelOf(step.value);
    report({ stage: "calibrate", ...step.value, unit: "steps" });
    await nextMacrotask();
    signal?.throwIfAborted();
  }
}

/** 1, 2, 4 … as long as a kernel's nine values fit into the median window. */
function dilationsFor(windows: readonly Matrix[]): number[] {
  const lengths = windows.map(({ cols }) => cols).sort((a, b) => a - b);
  const median = lengths[Math.floor(lengths.length / 2)] ?? 0;
  const dilations = [1];
  for (let d = 2; d <= LARGEST_DILATION && 8 * d + 1 <= median; d *= 2) dilations.push(d);
  return dilations;
}

function modelOf(fitted: FittedKernels): RandomKernelModel {
  const { seed, kernels, channels } = fitted.plan;
  const pieces = kernelModel(fitted, {
    name: "random-kernels",
    producer: "alignment-playground",
    version: "1",
    notes: `${kernels} random kernels over ${channels} channels, seed ${seed}`,
  });
  return { bytes: joined(pieces), width: widthOf(fitted) };
}

function checkWindows({ channels, calibration }: RandomKernelOptions): void {
  if (!(Number.isInteger(channels) && channels >= 1 && channels <= MOST_CHANNELS)) {
    throw new AppError("data/shape", `${channels} channels; 1 to ${MOST_CHANNELS} are possible`);
  }
  if (calibration.length < 2) {
    throw new AppError("data/shape", `${calibration.length} windows to calibrate on; two at least`);
  }
  calibration.forEach(({ data, rows, cols }, i) => {
    if (rows !== channels || cols < FEWEST_READINGS) {
      const wanted = `${channels} channels and ${FEWEST_READINGS} readings or more`;
      throw new AppError("data/shape", `window ${i + 1} is [${rows}, ${cols}], not ${wanted}`);
    }
    if (!data.every(Number.isFinite)) throw new AppError("data/non-finite", `window ${i + 1}`);
  });
}

function joined(pieces: Pieces): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeOf(pieces));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
