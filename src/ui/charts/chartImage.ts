import { AppError } from "../../core/errors";
import type { ChartFile } from "./svgPage";

/** Pixels per CSS pixel: sharp in print and on dense screens. */
const SCALE = 2;

/** The chart as an SVG file. */
export function svgBlob({ svg }: ChartFile): Blob {
  return new Blob([svg], { type: "image/svg+xml" });
}

/** The chart as a PNG of twice its size in CSS pixels. @throws AppError `internal`. */
export async function pngBlob(file: ChartFile): Promise<Blob> {
  const address = URL.createObjectURL(svgBlob(file));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = file.width * SCALE;
    canvas.height = file.height * SCALE;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (blob) return blob;
    throw new AppError("internal", `a picture of ${canvas.width} × ${canvas.height} was not made`);
  } finally {
    URL.revokeObjectURL(address);
  }
}

const MAX_NAME = 60;

/** A name for a chart's file, from its words: `held-out-recall-10-emoji-sample`. */
export function chartFileName(...words: readonly string[]): string {
  const name = words
    .join(" ")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  if (name.length <= MAX_NAME) return name || "chart";
  return name.slice(0, MAX_NAME + 1).replace(/-[^-]*$/, ""); // whole words
}
