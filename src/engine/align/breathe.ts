import { AppError } from "../../core/errors";

/**
 * Lets the worker receive messages between two heavy pieces of work.
 *
 * @throws AppError `cancelled` when the signal is aborted by then.
 */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  if (signal?.aborted) throw new AppError("cancelled");
}
