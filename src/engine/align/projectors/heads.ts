import type { MethodId, ProjectorChoice } from "../../../core/domain/alignSettings";
import type { Pooling } from "../../../core/domain/encoder";
import type { HeadKind } from "../../../core/domain/projector";
import { AppError } from "../../../core/errors";
import { freezeAlign } from "./freezeAlign";
import { freezeAlignTokens } from "./freezeAlignTokens";
import type { Head } from "./head";
import { identity } from "./identity";
import { layerNormLinear } from "./layerNormLinear";
import { lowRank } from "./lowRank";
import { sail } from "./sail";

const HEADS: Readonly<Record<HeadKind, Head>> = {
  "layer-norm-linear": layerNormLinear,
  "freeze-align": freezeAlign,
  "freeze-align-tokens": freezeAlignTokens,
  sail,
  "low-rank": lowRank,
  identity,
};

/**
 * The head one side is trained with. `auto` is the method's own; freeze-align takes its token form
 * where the embedding is [CLS ; mean of the patches].
 *
 * @throws AppError `align/unsupported` when the method trains no head.
 */
export function headOf(choice: ProjectorChoice, method: MethodId, pooling: Pooling): Head {
  const named = choice === "auto" ? method : choice;
  if (named === "linear") return layerNormLinear;
  if (named === "freeze-align") return pooling === "cls+mean" ? freezeAlignTokens : freezeAlign;
  if (named === "sail" || named === "low-rank" || named === "identity") return HEADS[named];
  throw new AppError("align/unsupported", `method “${method}” trains no projectors`);
}

/** The head with which a stored projector was trained. */
export function headOfKind(kind: HeadKind): Head {
  return HEADS[kind];
}
