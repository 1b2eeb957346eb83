import { AppError } from "../core/errors";

/** The only place that writes to the console; `internal` errors alone deserve it. */
export function logError(thrown: unknown): void {
  const error = AppError.from(thrown);
  if (error.code === "internal") console.error(error.message, error.stack, error.cause);
}
