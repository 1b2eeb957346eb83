import { AppError } from "../errors";

/**
 * Tells whether a value that came from outside has a type, and gives it back as that type.
 *
 * @param path where the value is, for the message: `runs/0/run.json: history[3].loss`.
 * @throws AppError `project-file/damaged`, naming the place, what was expected and what is there.
 */
export type Shape<T> = ((value: unknown, path: string) => T) & { readonly isOptional?: true };

const QUOTED_LENGTH = 60; // one line of an error note

/** Refuses a value at its place. */
export function refuse(path: string, expected: string, value: unknown): never {
  const quoted = JSON.stringify(value) ?? typeof value;
  const short = quoted.length > QUOTED_LENGTH ? `${quoted.slice(0, QUOTED_LENGTH)}…` : quoted;
  throw new AppError("project-file/damaged", `${path}: expected ${expected}, got ${short}`);
}

const check = <T>(is: (value: unknown) => value is T, expected: string): Shape<T> => {
  return (value, path) => (is(value) ? value : refuse(path, expected, value));
};

export const text = check((v): v is string => typeof v === "string", "a text");
/** Any number, NaN and infinities included. */
export const number = check((v): v is number => typeof v === "number", "a number");
export const boolean = check((v): v is boolean => typeof v === "boolean", "true or false");
/** A whole number from 0. */
export const count = check(
  (v): v is number => Number.isSafeInteger(v) && (v as number) >= 0,
  "a whole number from 0",
);
/** 64 hex digits. */
export const digest = check(
  (v): v is string => typeof v === "string" && /^[0-9a-f]{64}$/.test(v),
  "a SHA-256 in hex",
);
/** As `crypto.randomUUID` gives it. */
export const uuid = check(
  (v): v is string =>
    typeof v === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(v),
  "a UUID",
);
export const uint32s = check(
  (v): v is Uint32Array<ArrayBuffer> => v instanceof Uint32Array,
  "an array of 32-bit numbers",
);
export const float32s = check(
  (v): v is Float32Array<ArrayBuffer> => v instanceof Float32Array,
  "an array of float32 numbers",
);

/** One of a few texts. */
export function oneOf<const T extends string>(known: readonly T[]): Shape<T> {
  return check(
    (v): v is T => known.some((name) => name === v),
    known.length > 6 ? "a known name" : known.join(" or "),
  );
}

/** The type or null. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value, path) => (value === null ? null : shape(value, path));
}

/** The type, or the key is not there. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  const whenThere: Shape<T | undefined> = (value, path) => shape(value, path);
  return Object.assign(whenThere, { isOptional: true } as const);
}

/** A list of one type. */
export function list<T>(shape: Shape<T>): Shape<T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) return refuse(path, "a list", value);
    return value.map((inner, i) => shape(inner, `${path}[${i}]`));
  };
}

/** An object with any keys and values of one type. */
export function dictionary<T>(shape: Shape<T>): Shape<Record<string, T>> {
  return (value, path) =>
    Object.fromEntries(
      Object.entries(objectAt(value, path)).map(([key, inner]) => [
        key,
        shape(inner, `${path}.${key}`),
      ]),
    );
}

/** The shapes of an object's keys; a key that may be missing needs an `optional` one. */
export type Fields<T> = { readonly [K in keyof T]-?: Shape<T[K]> };

/**
 * An object with these keys. Keys beyond them are kept as they are: they change nothing here, and
 * the version that knows them finds them again.
 */
export function fields<T extends object>(shapes: Fields<T>): Shape<T> {
  const known = Object.entries<Shape<unknown>>(shapes);
  return (value, path) => {
    const object = objectAt(value, path);
    const checked = known.flatMap(([key, shape]) => {
      const isThere = Object.hasOwn(object, key);
      if (!isThere && shape.isOptional) return [];
      return [[key, shape(isThere ? object[key] : undefined, `${path}.${key}`)] as const];
    });
    return { ...object, ...Object.fromEntries(checked) } as T; // every key of T has been checked
  };
}

/** One of several types; the message is that of the last. */
export function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  return (value, path) => {
    try {
      return first(value, path);
    } catch {
      return second(value, path);
    }
  };
}

function objectAt(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refuse(path, "an object", value);
  }
  return value as Record<string, unknown>; // checked above
}
