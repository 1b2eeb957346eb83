import type { HeadKind } from "../../../core/domain/projector";
import type { MethodId } from "../../../core/domain/alignSettings";
import { AppError } from "../../../core/errors";
import { freezeAlign } from "./freezeAlign";
import type { Head } from "./head";
import { layerNormLinear } from "./layerNormLinear";

/**
 * The head a trained method uses on both sides.
 *
 * @throws AppError `align/unsupported` for methods that train no head.
 */
export function headOfMethod(method: MethodId): Head {
  if (method === "freeze-align") return freezeAlign;
  if (method === "linear") return layerNormLinear;
  throw new AppError("align/unsupported", method);
}

/** The head with which a stored projector was trained. */
export function headOfKind(kind: HeadKind): Head {
  return kind === "freeze-align" ? freezeAlign : layerNormLinear;
}
