import { packVectors, unpackVectors } from "../../src/core/formats/packedVectors";
import { decodeElements, encodeElements } from "../../src/core/formats/arrayElements";
import { matrix, row, scoreRows, type Matrix } from "../../src/core/math/matrix";
import { topK } from "../../src/core/math/topK";
import { projectPlainly } from "../../src/engine/align/forward";
import { fitCsa } from "../../src/engine/align/solvers/csa";
import { TrainingMoments } from "../../src/engine/align/solvers/moments";
import { fitProcrustes } from "../../src/engine/align/solvers/procrustes";
import { RidgeSolutions } from "../../src/engine/align/solvers/ridge";
import { referenceData } from "./referenceData";

// `npx tsx test/bench/searchPageVectors.ts`: how far the stored forms of a search page's gallery
// rank the emoji sample as float32 does: every caption asks, the first 10 of 3,246 pictures answer.

const TOP = 10;

const FORMS: Readonly<Record<string, (m: Matrix) => Matrix>> = {
  "int16, scale per row (the page's)": (m) => unpackVectors(packVectors(m), m.rows, m.cols),
  float16: ({ data, rows, cols }) =>
    matrix(rows, cols, decodeElements(encodeElements(data, "f2"), "f2")),
  "int8, scale per row": (m) => {
    const out = matrix(m.rows, m.cols);
    for (let i = 0; i < m.rows; i++) {
      const values = row(m, i);
      const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127;
      row(out, i).set(values.map((value) => Math.round(value / scale) * scale));
    }
    return out;
  },
};

async function main(): Promise<void> {
  const data = referenceData();
  const moments = new TrainingMoments(data);
  const fits = {
    procrustes: await fitProcrustes(moments, null),
    csa: await fitCsa(moments, null, new RidgeSolutions(moments, null)),
  };
  for (const [method, { projectors }] of Object.entries(fits)) {
    const gallery = projectPlainly(projectors.image, data.image);
    const queries = projectPlainly(projectors.text, data.text);
    const exact = topsOf(gallery, queries);
    for (const [form, stored] of Object.entries(FORMS)) {
      const tops = topsOf(stored(gallery), queries);
      const same = tops.filter((top, q) => top.every((item, i) => item === exact[q]![i])).length;
      const kept = tops.reduce(
        (n, top, q) => n + top.filter((i) => exact[q]!.includes(i)).length,
        0,
      );
      const share = (value: number) => `${(100 * value).toFixed(2)} %`;
      console.log(
        `${method}, P = ${gallery.cols}, ${form}: same ${TOP} in the same order for ` +
          `${share(same / tops.length)} of ${tops.length} captions, ` +
          `${share(kept / (TOP * tops.length))} of the pictures`,
      );
    }
  }
}

function topsOf(gallery: Matrix, queries: Matrix): number[][] {
  const rows = Uint32Array.from({ length: gallery.rows }, (_, i) => i);
  return Array.from({ length: queries.rows }, (_, q) => [
    ...topK(scoreRows(gallery, rows, row(queries, q)), TOP),
  ]);
}

void main();
