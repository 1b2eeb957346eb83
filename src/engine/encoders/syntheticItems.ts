import { AppError } from "../../core/errors";
import { rng } from "../../core/math/rng";

const PICTURES = 4;
/** About what captioned data sets hold; decoding and shrinking it is part of the work. */
const WIDTH = 512;
const HEIGHT = 384;
/** Noise is drawn this much smaller, so that a file compresses like a photograph. */
const GRAIN = 8;

/** Made-up pictures of usual size, as PNG files. Needs a browser's canvas. */
export function noisePictures(): Promise<Blob[]> {
  return Promise.all(Array.from({ length: PICTURES }, (_, seed) => noisePicture(seed)));
}

async function noisePicture(seed: number): Promise<Blob> {
  const random = rng(seed);
  const grains = new OffscreenCanvas(WIDTH / GRAIN, HEIGHT / GRAIN);
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const [small, large] = [grains.getContext("2d"), canvas.getContext("2d")];
  if (!small || !large) throw new AppError("internal", "no 2D canvas in this worker");
  const noise = small.createImageData(grains.width, grains.height);
  for (let i = 0; i < noise.data.length; i++) {
    noise.data[i] = i % 4 === 3 ? 255 : Math.floor(random() * 256);
  }
  small.putImageData(noise, 0, 0);
  large.drawImage(grains, 0, 0, WIDTH, HEIGHT);
  return canvas.convertToBlob({ type: "image/png" });
}

const WORDS =
  "a the small old red two people standing near water with bright house stone view of dog field holding white flower on table during winter morning".split(
    " ",
  );

/** Made-up captions of 6 to 17 words, short ones first, as a job's batches are. */
export function plainSentences(count: number): string[] {
  const random = rng(1);
  const word = () => WORDS[Math.floor(random() * WORDS.length)] ?? "a";
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: 6 + Math.floor((12 * i) / count) }, word).join(" "),
  );
}
