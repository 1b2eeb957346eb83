import type { Projector } from "../../../core/domain/projector";
import { AppError } from "../../../core/errors";
import type { Matrix } from "../../../core/math/matrix";
import { projectAsif } from "./asif";
import { projectLinear } from "./projectLinear";

/**
 * Rows through the projector of a closed form, without tensorflow.
 *
 * @param rows [N, D] raw encoder outputs.
 * @returns [N, P], L2-normalised (then scaled by `outputScale` where there is one).
 * @throws AppError `data/shape`; `align/unsupported` for a trained projector.
 */
export function projectClosedForm(projector: Projector, rows: Matrix): Matrix {
  if (projector.kind !== "asif") return projectLinear(projector, rows);
  if (rows.cols !== projector.inputWidth) {
    const detail = `rows of ${rows.cols} for a projector of ${projector.inputWidth}`;
    throw new AppError("data/shape", detail);
  }
  return projectAsif(projector, rows);
}
