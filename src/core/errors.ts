import { ERRORS } from "./errorTable";

/** Names of the failures in the table. */
export type ErrorCode = keyof typeof ERRORS;

/** An error that survives `postMessage` and that the UI can show as it is. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  /** Particulars of this occurrence, e.g. `metadata.csv:17, column "text"`. */
  readonly detail: string;

  constructor(code: ErrorCode, detail = "", options?: { cause?: unknown }) {
    super(detail ? `${ERRORS[code].message} (${detail})` : ERRORS[code].message, options);
    this.code = code;
    this.detail = detail;
  }

  get remedy(): string {
    return ERRORS[this.code].remedy;
  }

  /** What happened, where, what to do: the one text every surface shows. */
  get fullText(): string {
    return `${this.message} ${this.remedy}`;
  }

  /** Wraps anything thrown; aborts become `cancelled`, unknown values become `internal`. */
  static from(thrown: unknown): AppError {
    if (thrown instanceof AppError) return thrown;
    // By name: a DOMException of another realm (worker, jsdom) is not an instance of our Error.
    const name = (thrown as Partial<Error> | null)?.name;
    if (name === "AbortError") return new AppError("cancelled", "", { cause: thrown });
    if (name === "QuotaExceededError") return new AppError("storage/quota", "", { cause: thrown });
    const error = new AppError("internal", textOf(thrown), { cause: thrown });
    if (thrown instanceof Error && thrown.stack) error.stack = thrown.stack;
    return error;
  }
}

function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return "a thrown object that has no text"; // Object.create(null), a throwing toString
  }
}

/** Throws `internal` when one of our own invariants is broken. */
export function assert(condition: unknown, detail: string): asserts condition {
  if (!condition) throw new AppError("internal", detail);
}
