import { AppError } from "../errors";

const MAX_QUOTED = 80; // one line of an error note

export function fail(key: string, expected: string, got: unknown): never {
  const quoted = JSON.stringify(got) ?? "nothing";
  const short = quoted.length > MAX_QUOTED ? `${quoted.slice(0, MAX_QUOTED)}…` : quoted;
  throw new AppError("recipe/invalid", `${key}: expected ${expected}, got ${short}`);
}

export function object(
  value: unknown,
  key: string,
  known: readonly string[],
): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return fail(key, "an object", value);
  }
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new AppError(
      "recipe/invalid",
      `unknown key "${unknown}" in ${key}; known keys: ${known.join(", ")}`,
    );
  }
  return value as Record<string, unknown>; // checked above: a plain object with known keys
}

export function dictionary(value: unknown, key: string): Record<string, unknown> {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : fail(key, "an object", value);
}

export function text(value: unknown, key: string): string {
  return typeof value === "string" && value !== "" ? value : fail(key, "a text", value);
}

export function boolean(value: unknown, key: string): boolean {
  return typeof value === "boolean" ? value : fail(key, "true or false", value);
}

export function number(value: unknown, key: string, min: number, max: number): number {
  const valid = typeof value === "number" && value >= min && value <= max;
  return valid ? value : fail(key, `a number from ${min} to ${max}`, value);
}

export function integer(
  value: unknown,
  key: string,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): number {
  const valid = Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
  return valid ? (value as number) : fail(key, `a whole number from ${min} to ${max}`, value);
}

export function oneOf<T extends string>(value: unknown, key: string, known: readonly T[]): T {
  return known.find((name) => name === value) ?? fail(key, `one of ${known.join(", ")}`, value);
}

export function autoOr<T>(
  value: unknown,
  key: string,
  parse: (value: unknown, key: string) => T,
): T | "auto" {
  return value === undefined || value === "auto" ? "auto" : parse(value, key);
}

export function list<T>(
  value: unknown,
  key: string,
  parse: (value: unknown, key: string) => T,
  { mayBeEmpty = false } = {},
): T[] {
  if (!Array.isArray(value)) return fail(key, "a list", value);
  if (value.length === 0 && !mayBeEmpty) return fail(key, "at least one entry", value);
  return value.map((entry, i) => parse(entry, `${key}[${i}]`));
}
