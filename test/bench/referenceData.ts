import { readFileSync } from "node:fs";
import { join } from "node:path";
import Papa from "papaparse";
import type { AlignmentData } from "../../src/core/domain/alignmentData";
import type { Split } from "../../src/core/domain/dataset";
import { matrix, type Matrix } from "../../src/core/math/matrix";

const FOLDER = join(import.meta.dirname, "../fixtures/reference-embeddings");

/**
 * The emoji sample as encoded outside the browser: 3,246 images, captions that are equal are one
 * text, and the fixed split by family.
 */
export function referenceData(): AlignmentData {
  const csv = readFileSync(join(FOLDER, "metadata/metadata_0.csv"), "utf8");
  const { data: rows } = Papa.parse<{ caption: string; split: Split }>(csv, {
    header: true,
    skipEmptyLines: true,
  });
  const captions = new Map<string, number>();
  const firstRows: number[] = [];
  const text = Uint32Array.from(rows, ({ caption }, i) => {
    if (!captions.has(caption)) {
      captions.set(caption, captions.size);
      firstRows.push(i);
    }
    return captions.get(caption)!;
  });
  const texts = float16Npy(join(FOLDER, "text_emb/text_emb_0.npy"));
  const distinct = matrix(firstRows.length, texts.cols);
  firstRows.forEach((r, i) =>
    distinct.data.set(texts.data.subarray(r * texts.cols, (r + 1) * texts.cols), i * texts.cols),
  );
  return {
    image: float16Npy(join(FOLDER, "img_emb/img_emb_0.npy")),
    text: distinct,
    pairs: {
      length: rows.length,
      image: Uint32Array.from(rows, (_, i) => i),
      text,
      split: rows.map(({ split }) => split),
      component: text, // every image has one caption, so a component is a caption
    },
  };
}

/** A two-dimensional little-endian float16 array of numpy's version 1 format. */
function float16Npy(path: string): Matrix {
  const bytes = readFileSync(path);
  const headerEnd = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString("latin1", 10, headerEnd);
  const shape = /'descr': '<f2'.*'shape': \((\d+), (\d+)\)/.exec(header);
  if (!shape) throw new Error(`${path}: not a [N, D] float16 array: ${header}`);
  const [rows, cols] = [Number(shape[1]), Number(shape[2])];
  const values = Float32Array.from({ length: rows * cols }, (_, i) =>
    fromHalf(bytes.readUInt16LE(headerEnd + 2 * i)),
  );
  return matrix(rows, cols, values);
}

function fromHalf(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -size : size;
}
