import type { AlignedModality } from "../../core/domain/modality";
import type { Projector } from "../../core/domain/projector";
import type { ParityFigure } from "../../core/domain/takeAway";
import { writeSafetensors } from "../../core/formats/safetensors";
import { row, type Matrix } from "../../core/math/matrix";
import { projectRows } from "../align/project";
import { architectureOf } from "./architecture";
import { readExportedProjector } from "./exportedProjector";
import { torchTensors } from "./torchTensors";

/** Inputs whose projections are written down on each side. */
export const PARITY_ROWS = 8;

/** A few embeddings of one side and what the browser makes of them. */
export interface ParitySide {
  /** [8, D] and [8, P]; fewer rows where there are fewer items. */
  readonly inputs: Matrix;
  readonly projected: Matrix;
  readonly figure: ParityFigure;
}

/**
 * Projects rows as the page does, and again from the exported bytes in float64 (`load_aligned.py`'s
 * formula), and compares the two.
 */
export async function measureParity(projector: Projector, inputs: Matrix): Promise<ParitySide> {
  const projected = await projectRows(projector, inputs);
  const bytes = writeSafetensors(torchTensors(projector));
  const project = readExportedProjector(bytes, architectureOf(projector));
  let largest = 0;
  for (let i = 0; i < inputs.rows; i++) {
    const other = project(row(inputs, i));
    row(projected, i).forEach((value, p) => {
      const difference = Math.abs(value - other[p]!);
      // NaN would lose every comparison and look like agreement.
      largest = Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
    });
  }
  return { inputs, projected, figure: { largest, vectors: inputs.rows } };
}

/** `parity.json`: inputs and expected vectors of both sides. */
export function parityText(sides: Readonly<Record<AlignedModality, ParitySide>>): string {
  const sideText = ({ inputs, projected }: ParitySide) =>
    `{ "inputs": ${rowsText(inputs)},\n    "projected": ${rowsText(projected)} }`;
  return `{\n  "tolerance": 1e-5,\n  "a": ${sideText(sides.image)},\n  "b": ${sideText(sides.text)}\n}\n`;
}

const rowsText = (m: Matrix) =>
  `[${Array.from({ length: m.rows }, (_, i) => `[${Array.from(row(m, i), shortest).join(",")}]`).join(",\n      ")}]`;

/** The fewest digits that read back as the same float32. */
function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(Number(value.toPrecision(9)));
}
