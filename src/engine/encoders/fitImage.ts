import type { ImagePreprocessing } from "../../core/domain/encoder";
import { resizeImage, type RgbImage } from "./resizeImage";

type Fit = Pick<ImagePreprocessing, "fit" | "size" | "resize" | "resample">;

/**
 * A picture as the square a network sees: [size, size, 3].
 *
 * `crop` cuts the longer edge to whole pixels and takes the centre rounded down, as transformers'
 * `shortest_edge` and `center_crop` do; torchvision's own `CenterCrop` rounds half to even, one pixel
 * off at every other odd margin. `pad` is Pillow's `ImageOps.pad` on white.
 */
export function fitImage(image: RgbImage, fit: Fit): RgbImage {
  if (fit.fit === "crop") return crop(image, fit);
  if (fit.fit === "pad") return pad(image, fit);
  return resizeImage(image, { width: fit.size, height: fit.size, ...filterOf(fit) });
}

function crop(image: RgbImage, fit: Fit): RgbImage {
  const { size } = fit;
  const short = Math.max(fit.resize ?? size, size);
  const { width, height } = image;
  const isUpright = width <= height;
  const scaled = {
    width: isUpright ? short : Math.floor((short * width) / height),
    height: isUpright ? Math.floor((short * height) / width) : short,
  };
  const area = {
    left: Math.floor((scaled.width - size) / 2),
    top: Math.floor((scaled.height - size) / 2),
    ...{ width: size, height: size },
  };
  return resizeImage(image, { ...scaled, area, ...filterOf(fit) });
}

function pad(image: RgbImage, fit: Fit): RgbImage {
  const { size } = fit;
  const { width, height } = image;
  // At least a pixel: a line of 1,000 x 1 would be gone otherwise.
  const inner = {
    width: width >= height ? size : Math.max(1, roundHalfEven((width / height) * size)),
    height: height >= width ? size : Math.max(1, roundHalfEven((height / width) * size)),
  };
  const { data } = resizeImage(image, { ...inner, ...filterOf(fit) });
  const left = roundHalfEven((size - inner.width) * 0.5);
  const top = roundHalfEven((size - inner.height) * 0.5);
  const out = new Uint8Array(size * size * 3).fill(255);
  const stride = inner.width * 3;
  for (let y = 0; y < inner.height; y++) {
    out.set(data.subarray(y * stride, (y + 1) * stride), ((top + y) * size + left) * 3);
  }
  return { data: out, width: size, height: size };
}

/** As Python rounds. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function filterOf({ resample }: Fit) {
  return resample ? { resample } : {};
}
