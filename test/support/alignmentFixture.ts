import type { AlignmentData } from "../../src/core/domain/alignmentData";
import type { Split } from "../../src/core/domain/dataset";
import { matrix } from "../../src/core/math/matrix";
import { permutation, rng } from "../../src/core/math/rng";

export interface LatentOptions {
  readonly train: number;
  readonly validation?: number;
  readonly imageWidth?: number;
  readonly textWidth?: number;
  /** Standard deviation of the noise on each side. */
  readonly noise?: number;
  /** Pair every image with the text of another. */
  readonly shuffled?: boolean;
  readonly seed?: number;
}

/** Images and texts that are two noisy tanh views of the same 6-dimensional latent, one to one. */
export function latentData(options: LatentOptions): AlignmentData {
  const { train, validation = 0, imageWidth = 12, textWidth = 9, noise = 0.05 } = options;
  const random = rng(options.seed ?? 1);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const items = train + validation;
  const latents = Array.from({ length: items }, () => Array.from({ length: 6 }, normal));
  const view = (width: number) => {
    const mixing = Array.from({ length: width }, () => Array.from({ length: 6 }, normal));
    return latents.flatMap((latent) =>
      mixing.map((m) => Math.tanh(m.reduce((n, v, d) => n + v * latent[d]!, 0)) + noise * normal()),
    );
  };
  const rows = (width: number) => matrix(items, width, Float32Array.from(view(width)));
  const numbers = Uint32Array.from({ length: items }, (_, i) => i);
  return {
    image: rows(imageWidth),
    text: rows(textWidth),
    pairs: {
      length: items,
      image: numbers,
      text: options.shuffled ? permutation(items, random) : numbers,
      split: Array.from(numbers, (i): Split => (i < train ? "train" : "validation")),
      component: numbers,
    },
  };
}
