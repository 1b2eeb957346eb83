import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { AlignmentData } from "../../src/core/domain/alignmentData";
import { defaultRecipe } from "../../src/core/domain/recipe";
import { matrix, type Matrix } from "../../src/core/math/matrix";
import { rng } from "../../src/core/math/rng";
import { openBackend } from "../../src/engine/align/backend";
import * as tf from "../../src/engine/align/tf";
import { openTrainer } from "../../src/engine/align/trainer";

const WIDTHS = { image: 1280, text: 384 } as const;
const DIMENSION = 512;
const BATCH = 512;

/** A contestant: one training step per call, awaited to the end. */
interface Contestant {
  readonly name: string;
  step(): Promise<number>;
  close(): void;
}

/**
 * Median milliseconds of one freeze-align training step (1280→512 and 384→512, B = 512) on one
 * thread: ours on the wasm backend, plain tfjs on the same backend, and PyTorch where
 * `$PYTHON` or python3 has it.
 * The three take turns, so that a busy machine disturbs them alike.
 */
export async function benchTrainStep(rounds: number): Promise<readonly string[]> {
  await openBackend("wasm");
  const contestants = [ours(), plainTfjs(), await pytorch()].filter((c) => c !== null);
  const times = contestants.map(() => [] as number[]);
  try {
    for (let round = -2; round < rounds; round++) {
      for (const [i, contestant] of contestants.entries()) {
        const elapsedMs = await contestant.step();
        if (round >= 0) times[i]!.push(elapsedMs); // the first two rounds warm up
      }
    }
  } finally {
    for (const contestant of contestants) contestant.close();
  }
  const medians = times.map((t) => t.sort((a, b) => a - b)[t.length >> 1]!);
  return contestants.map(({ name }, i) => {
    const ratio = (medians[i]! / medians[0]!).toFixed(2);
    return `${name.padEnd(36)} ${medians[i]!.toFixed(0).padStart(6)} ms   ${ratio} x ours`;
  });
}

function ours(): Contestant {
  const trainer = openTrainer({
    data: randomData(4 * BATCH),
    settings: defaultRecipe({ project: "bench" }).align,
    training: {
      steps: 1_000,
      batchSize: BATCH,
      fuseMix: false,
      dimension: DIMENSION,
      dropout: 0.1,
      patience: null,
    },
    device: "wasm",
  });
  let index = 0;
  return {
    name: "ours, wasm, one thread",
    async step() {
      const start = performance.now();
      const loss = await trainer.step(index++);
      await loss.data();
      loss.dispose();
      return performance.now() - start;
    },
    close: () => trainer.dispose(),
  };
}

/** The same step as a tfjs tutorial would write it. */
function plainTfjs(): Contestant {
  const glorot = (shape: [number, number]) => tf.variable(tf.randomUniform(shape, -0.04, 0.04));
  const head = (width: number) => ({
    gain: tf.variable(tf.ones([width])),
    shift: tf.variable(tf.zeros([width])),
    linear: glorot([width, DIMENSION]),
    up: glorot([width, DIMENSION]),
    down: glorot([DIMENSION, DIMENSION]),
    biases: [0, 1, 2].map(() => tf.variable(tf.zeros([DIMENSION]))),
  });
  type PlainHead = ReturnType<typeof head>;
  const forward = (p: PlainHead, x: tf.Tensor2D) => {
    const { mean, variance } = tf.moments(x, 1, true);
    const unit = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
    const h = tf.dropout(tf.add(tf.mul(unit, p.gain), p.shift), 0.1) as tf.Tensor2D;
    const u = tf.add(tf.matMul(h, p.up), p.biases[1]!) as tf.Tensor2D;
    const g = tf.mul(tf.mul(u, 0.5), tf.add(tf.erf(tf.div(u, Math.SQRT2)), 1)) as tf.Tensor2D;
    const linear = tf.add(tf.matMul(h, p.linear), p.biases[0]!);
    const out = tf.add(linear, tf.add(tf.matMul(g, p.down), p.biases[2]!));
    return tf.div(out, tf.norm(out, 2, 1, true)) as tf.Tensor2D;
  };
  const heads = [head(WIDTHS.image), head(WIDTHS.text)] as const;
  const logScale = tf.variable(tf.scalar(Math.log(1 / 0.07)));
  const rows = [WIDTHS.image, WIDTHS.text].map((w) => tf.randomNormal([BATCH, w]) as tf.Tensor2D);
  const optimizer = tf.train.adam(1e-3, 0.9, 0.95, 1e-8);
  const labels = tf.oneHot(tf.range(0, BATCH, 1, "int32"), BATCH);
  return {
    name: "plain tfjs (matMul, train.adam), wasm",
    async step() {
      const start = performance.now();
      const loss = optimizer.minimize(() => {
        const [a, b] = heads.map((p, i) => forward(p, rows[i]!)) as [tf.Tensor2D, tf.Tensor2D];
        const logits = tf.mul(tf.matMul(a, b, false, true), tf.exp(logScale));
        const one = tf.losses.softmaxCrossEntropy(labels, logits);
        const other = tf.losses.softmaxCrossEntropy(labels, tf.transpose(logits));
        return tf.div(tf.add(one, other), 2) as tf.Scalar;
      }, true)!;
      await loss.data();
      loss.dispose();
      return performance.now() - start;
    },
    close: () => optimizer.dispose(),
  };
}

/** PyTorch in a process of its own, one step per line; null when no Python here has it. */
async function pytorch(): Promise<Contestant | null> {
  for (const python of [process.env["PYTHON"], "python3"]) {
    if (!python) continue;
    const script = join(import.meta.dirname, "trainStep.py");
    const child = spawn(python, [script, String(BATCH)], { stdio: ["pipe", "pipe", "ignore"] });
    const lines = createInterface({ input: child.stdout });
    const ended = new Promise<null>((resolve) => {
      child.once("close", () => resolve(null));
      child.once("error", () => resolve(null)); // no such program
    });
    const nextLine = () =>
      Promise.race([
        ended,
        new Promise<string>((resolve) => {
          lines.once("line", resolve);
        }),
      ]);
    const first = await nextLine();
    if (!first?.startsWith("ready torch")) continue;
    return {
      name: `PyTorch${first.slice("ready torch".length)}, one thread`,
      async step() {
        child.stdin.write("step\n");
        const elapsedMs = Number((await nextLine()) ?? NaN);
        if (!Number.isFinite(elapsedMs)) throw new Error("the PyTorch process ended");
        return elapsedMs;
      },
      close: () => child.stdin.end(),
    };
  }
  return null;
}

function randomData(items: number): AlignmentData {
  const random = rng(1);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const rows = (cols: number): Matrix =>
    matrix(items, cols, Float32Array.from({ length: items * cols }, normal));
  const numbers = Uint32Array.from({ length: items }, (_, i) => i);
  return {
    image: rows(WIDTHS.image),
    text: rows(WIDTHS.text),
    pairs: {
      length: items,
      image: numbers,
      text: numbers,
      split: Array.from(numbers, () => "train" as const),
      component: numbers,
    },
  };
}
