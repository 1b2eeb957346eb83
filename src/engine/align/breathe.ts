import { AppError } from "../../core/errors";
import { nextMacrotask } from "../nextMacrotask";

/**
 * Lets the worker receive messages between two heavy pieces of work.
 *
 * @throws AppError `cancelled` when the signal is aborted by then.
 */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await nextMacrotask();
  if (signal?.aborted) throw new AppError("cancelled");
}
