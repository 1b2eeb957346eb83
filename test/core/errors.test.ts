import { describe, expect, it } from "vitest";
import { AppError, assert } from "../../src/core/errors";
import { ERRORS } from "../../src/core/errorTable";

describe("the table", () => {
  it.each(Object.entries(ERRORS))(
    "%s says what happened and what to do, in sentences",
    (_, row) => {
      for (const text of [row.message, row.remedy]) {
        expect(text).toMatch(/^[A-Z].*\.$/);
        expect(text).not.toMatch(/\b(undefined|null|NaNs|exception)\b/);
      }
      expect(row.remedy).not.toBe(row.message);
    },
  );
});

describe("AppError", () => {
  it("shows its message, the particulars and the remedy", () => {
    const error = new AppError("import/metadata", "metadata.csv:17");
    expect(error.message).toBe("The metadata file cannot be used. (metadata.csv:17)");
    expect(error.fullText).toBe(`${error.message} ${ERRORS["import/metadata"].remedy}`);
    expect(error.remedy).toBe(ERRORS["import/metadata"].remedy);
    expect(error).toBeInstanceOf(Error);
  });

  it("leaves no empty brackets without particulars", () => {
    expect(new AppError("cancelled").message).toBe("Stopped.");
  });

  it("keeps its cause", () => {
    const cause = new Error("disk");
    expect(new AppError("storage/quota", "", { cause }).cause).toBe(cause);
  });
});

describe("AppError.from", () => {
  it("passes an AppError through unchanged", () => {
    const error = new AppError("webgpu/lost");
    expect(AppError.from(error)).toBe(error);
  });

  it("knows aborts and full disks by name, from whatever realm", () => {
    const aborted = new DOMException("stop", "AbortError");
    expect(AppError.from(aborted)).toMatchObject({ code: "cancelled", cause: aborted });
    expect(AppError.from({ name: "AbortError" }).code).toBe("cancelled");
    expect(AppError.from({ name: "QuotaExceededError" }).code).toBe("storage/quota");
  });

  it("wraps every other value as internal, with its text and stack", () => {
    const error = new TypeError("x is not a function");
    const wrapped = AppError.from(error);
    expect(wrapped).toMatchObject({ code: "internal", cause: error, stack: error.stack });
    expect(wrapped.detail).toBe("TypeError: x is not a function");
    for (const odd of [undefined, null, 3, "text", {}, Symbol("s")]) {
      expect(AppError.from(odd)).toMatchObject({ code: "internal", cause: odd });
    }
  });

  it("survives values that cannot be turned into text", () => {
    const hostile: unknown = Object.create(null);
    expect(AppError.from(hostile)).toMatchObject({ code: "internal", cause: hostile });
  });
});

describe("assert", () => {
  it("throws internal with its detail, only when broken", () => {
    expect(() => assert(1, "one")).not.toThrow();
    expect(() => assert(0, "zero rows")).toThrow(
      expect.objectContaining({ code: "internal", detail: "zero rows" }),
    );
  });
});
