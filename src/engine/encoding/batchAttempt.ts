import type { Item } from "../../core/domain/dataset";
import { AppError, type ErrorCode } from "../../core/errors";
import type { Matrix } from "../../core/math/matrix";
import type { Encoder } from "../../core/ports";

/** How one batch went. `again` encodes a single item of it, to find the culprit. */
export interface BatchAttempt {
  readonly batch: readonly Item[];
  readonly outcome: Matrix | AppError;
  again(item: Item): Promise<Matrix | AppError>;
}

/** Loads and encodes a batch. Never rejects: a batch started ahead is looked at later. */
export async function tryBatch<Input>(
  encoder: Encoder<Input>,
  load: (item: Item) => Promise<Input>,
  batch: readonly Item[],
): Promise<BatchAttempt> {
  const attempt = async (items: readonly Item[]) => {
    try {
      return finite(await encoder.encode(await Promise.all(items.map(load))));
    } catch (thrown) {
      return AppError.from(thrown);
    }
  };
  return { batch, outcome: await attempt(batch), again: (item) => attempt([item]) };
}

function finite(vectors: Matrix): Matrix {
  if (!vectors.data.every(Number.isFinite)) throw new AppError("data/non-finite", "encoder output");
  return vectors;
}

/** Errors that may be the fault of one item, so that the others are worth another try. */
const ITEM_FAULTS: ReadonlySet<ErrorCode> = new Set([
  "encoder/input",
  "encoder/failed",
  "data/non-finite",
  "storage/missing",
  "sound/unreadable",
  "sound/no-sound",
  "sound/too-short",
  "sound/too-long",
]);

/** Whether an error may be the fault of one item. */
export function mayBeItsItem({ code }: AppError): boolean {
  return ITEM_FAULTS.has(code);
}
