import type { ImagePreprocessing } from "../../../core/domain/encoder";
import { AppError } from "../../../core/errors";

/** Preprocessing of an own model, where each part comes from, and whether all of it is known. */
export interface Guess<P> {
  readonly preprocessing: P;
  readonly reasons: readonly string[];
  readonly isCertain: boolean;
}

type Settings = Readonly<Record<string, unknown>>;
type Triple = readonly [number, number, number];

/** Of ImageNet's pixels, the usual choice. */
const IMAGENET_MEAN: Triple = [0.485, 0.456, 0.406];
const IMAGENET_STD: Triple = [0.229, 0.224, 0.225];
const USUAL_SIZE = 224;
/** What torchvision's recipes resize to before they crop 224. */
const USUAL_RESIZE = 256;

/** Pillow's numbers for the filters we have; others are replaced, saying so. */
const BILINEAR = 2;
const BICUBIC = 3;

interface GuessOptions {
  /** Name of the network's input. */
  readonly input: string;
  /** Side the network fixes; undefined where it takes any. */
  readonly fixedSize: number | undefined;
}

/**
 * How pictures become pixels, from transformers' `preprocessor_config.json` (ViT's, CLIP's, DINOv2's
 * `crop_size`, ConvNeXt's `crop_pct`); without it what is usual for ImageNet, which the visitor must
 * confirm. What the network's own input shape fixes wins.
 *
 * @throws AppError `encoder/unsupported` for a network input that is not square.
 */
export function guessImage(
  settings: Settings | undefined,
  { input, fixedSize }: GuessOptions,
): Guess<ImagePreprocessing> {
  const reasons: string[] = [];
  if (!settings) {
    const size = fixedSize ?? USUAL_SIZE;
    reasons.push(
      `No preprocessor_config.json: ${size} × ${size} pixels, ImageNet's mean and deviation are assumed.`,
    );
    const resize = Math.round((size * USUAL_RESIZE) / USUAL_SIZE);
    return {
      preprocessing: {
        ...{ kind: "image", size, fit: "crop", resize, resample: "bicubic", input },
        ...scaled(IMAGENET_MEAN, IMAGENET_STD, 1 / 255),
      },
      reasons,
      isCertain: false,
    };
  }
  const shape = shapeOf(settings, fixedSize, reasons);
  const numbers = numbersOf(settings, reasons);
  return {
    preprocessing: {
      ...{ kind: "image", input, resample: resampleOf(settings, reasons) },
      ...shape,
      ...numbers,
    },
    reasons,
    isCertain: reasons.length === 0,
  };
}

type Shape = Pick<ImagePreprocessing, "size" | "fit" | "resize">;

function shapeOf(settings: Settings, fixedSize: number | undefined, reasons: string[]): Shape {
  const size = sidesOf(settings["size"], settings["do_center_crop"] === true);
  const crop = sidesOf(settings["crop_size"], false);
  const shape = convNeXtShape(settings, size) ?? plainShape(settings, size, crop);
  if (!shape) {
    const side = fixedSize ?? USUAL_SIZE;
    reasons.push(`preprocessor_config.json names no size: ${side} × ${side} is assumed.`);
    return { size: side, fit: "squash" };
  }
  if (fixedSize === undefined || fixedSize === shape.size) return shape;
  reasons.push(
    `The network takes ${fixedSize} × ${fixedSize}, preprocessor_config.json says ${shape.size}: ${fixedSize} is used.`,
  );
  const resize = shape.resize && Math.round((shape.resize * fixedSize) / shape.size);
  return { ...shape, size: fixedSize, ...(resize && { resize }) };
}

interface Sides {
  readonly width?: number;
  readonly height?: number;
  readonly shortest?: number;
}

function sidesOf(value: unknown, isShortest: boolean): Sides | undefined {
  if (isSide(value)) return isShortest ? { shortest: value } : { width: value, height: value };
  const { width, height, shortest_edge: shortest } = (value ?? {}) as Record<string, unknown>;
  if (isSide(shortest)) return { shortest };
  if (!isSide(width) || !isSide(height)) return undefined;
  if (width !== height) {
    throw new AppError("encoder/unsupported", `it takes ${width} × ${height} pixels, not a square`);
  }
  return { width, height };
}

/** Below 384 the shortest edge is enlarged by `crop_pct` and cropped back; from 384 on squashed. */
function convNeXtShape(settings: Settings, size: Sides | undefined): Shape | undefined {
  const share = settings["crop_pct"];
  const side = size?.shortest ?? size?.width;
  if (typeof share !== "number" || !(share > 0 && share <= 1) || side === undefined)
    return undefined;
  if (side >= 384) return { size: side, fit: "squash" };
  return { size: side, fit: "crop", resize: Math.trunc(side / share) };
}

function plainShape(
  settings: Settings,
  size: Sides | undefined,
  crop: Sides | undefined,
): Shape | undefined {
  const side = size?.shortest ?? size?.width;
  const cropSide = settings["do_center_crop"] === false ? undefined : crop?.width;
  if (cropSide !== undefined) {
    return { size: cropSide, fit: "crop", resize: Math.max(cropSide, side ?? cropSide) };
  }
  if (side === undefined) return undefined;
  // A shortest edge alone leaves pictures of any shape: the centre is what every network takes.
  return size?.shortest === undefined
    ? { size: side, fit: "squash" }
    : { size: side, fit: "crop", resize: side };
}

function numbersOf(
  settings: Settings,
  reasons: string[],
): Pick<ImagePreprocessing, "mean" | "std"> {
  const factor =
    settings["do_rescale"] === false ? 1 : positive(settings["rescale_factor"], 1 / 255);
  if (settings["do_normalize"] === false) return scaled([0, 0, 0], [1, 1, 1], factor);
  const mean = triple(settings["image_mean"]);
  const std = triple(settings["image_std"]);
  if (mean && std?.every((value) => value > 0)) return scaled(mean, std, factor);
  reasons.push("preprocessor_config.json names no mean and deviation: ImageNet's are assumed.");
  return scaled(IMAGENET_MEAN, IMAGENET_STD, factor);
}

/** `(x · factor - mean) / std` as `(x - mean') / std'`, with x in 0..255. */
function scaled(mean: Triple, std: Triple, factor: number) {
  return {
    mean: mean.map((value) => value / factor) as [number, number, number], // three stay three
    std: std.map((value) => value / factor) as [number, number, number],
  };
}

function resampleOf(settings: Settings, reasons: string[]): "bicubic" | "bilinear" {
  const { resample } = settings;
  if (resample === BILINEAR) return "bilinear";
  if (resample === undefined) {
    reasons.push("preprocessor_config.json names no resampling: bicubic is assumed.");
  } else if (resample !== BICUBIC) {
    reasons.push(`Resampling ${String(resample)} is not available: bicubic is used.`);
  }
  return "bicubic";
}

function triple(value: unknown): Triple | undefined {
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  return value.every((each) => Number.isFinite(each)) ? (value as unknown as Triple) : undefined;
}

const isSide = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) > 0;

function positive(value: unknown, otherwise: number): number {
  return typeof value === "number" && value > 0 && Number.isFinite(value) ? value : otherwise;
}
