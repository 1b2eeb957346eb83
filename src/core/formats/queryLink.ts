import { SPLITS, type Split } from "../domain/dataset";
import { ALIGNED_MODALITIES } from "../domain/modality";
import { MAX_WEIGHT } from "../domain/parseQuery";
import type { QueryTerm, SavedQuery } from "../domain/query";
import type { Recipe } from "../domain/recipe";
import { AppError } from "../errors";
import { textOfBase64Url, textToBase64Url } from "./base64url";
import { encodeRecipeLink } from "./recipeLink";

/**
 * A query as a link carries it. Labels and tags are part of the data, so a link leaves them behind;
 * items go by the digest of their content, which says nothing to those who do not have them.
 */
export interface LinkedQuery extends Pick<SavedQuery, "terms" | "target" | "scores"> {
  /** Digest of the data it was asked of. */
  readonly data: string;
  readonly splits: readonly Split[];
}

/** More terms than anybody weighs by hand. */
const MAX_TERMS = 16;

/** A caption of several sentences fits. */
const MAX_TERM_LENGTH = 2_000;

const KEY = "&query=";
const VERSION = 1;
const MAX_LENGTH = 64 * 1024; // as a recipe's: sixteen long captions
const KEYS = ["version", "data", "terms", "target", "scores", "splits"];
const DIGEST = /^[0-9a-f]{64}$/;

/** The hash part of a link that opens a recipe and carries a query for its run, without `#`. */
export function encodeQueryLink(recipe: Recipe, query: LinkedQuery): string {
  return encodeRecipeLink(recipe) + KEY + encodeQuery(query);
}

/** The query part of a location's hash, or undefined where it carries none. Valid or not. */
export function queryPartOf(hash: string): string | undefined {
  const at = hash.indexOf(KEY);
  return at < 0 ? undefined : hash.slice(at + KEY.length);
}

/** A query as base64url of its JSON. */
export function encodeQuery({ data, terms, target, scores, splits }: LinkedQuery): string {
  const plain = { version: VERSION, data, terms, target, scores, splits };
  return textToBase64Url(JSON.stringify(plain));
}

/**
 * The query that `encodeQuery` wrote.
 *
 * @throws AppError `query/link`: over 64 kB, damaged, unknown keys, or a value of the wrong kind.
 */
export function decodeQuery(encoded: string): LinkedQuery {
  if (encoded.length > MAX_LENGTH) {
    return fail(`a query of ${encoded.length} characters; the limit is 64 kB`);
  }
  const read = fields(json(textOfBase64Url(encoded, "query/link")), "query", KEYS);
  if (read["version"] !== VERSION) fail(`version: expected ${VERSION}`);
  const scores = fields(read["scores"], "scores", ["centred", "csls"]);
  return {
    data: digest(read["data"], "data"),
    terms: list(read["terms"], "terms", MAX_TERMS).map((term, i) => termOf(term, `terms[${i}]`)),
    target: oneOf(read["target"], "target", ALIGNED_MODALITIES),
    scores: {
      centred: boolean(scores["centred"], "scores.centred"),
      csls: boolean(scores["csls"], "scores.csls"),
    },
    splits: splitsOf(read["splits"]),
  };
}

function termOf(value: unknown, key: string): QueryTerm {
  const kind = oneOf((value as { kind?: unknown } | null)?.kind, `${key}.kind`, ["words", "item"]);
  const known = kind === "words" ? ["text"] : ["modality", "digest"];
  const read = fields(value, key, ["kind", "weight", ...known]);
  const { weight, text } = read;
  if (typeof weight !== "number" || !(Math.abs(weight) <= MAX_WEIGHT)) {
    return fail(`${key}.weight: expected a number from -${MAX_WEIGHT} to ${MAX_WEIGHT}`);
  }
  if (kind === "item") {
    const modality = oneOf(read["modality"], `${key}.modality`, ALIGNED_MODALITIES);
    return { kind, modality, digest: digest(read["digest"], `${key}.digest`), weight };
  }
  if (typeof text !== "string" || text.trim() === "" || text.length > MAX_TERM_LENGTH) {
    return fail(`${key}.text: expected 1 to ${MAX_TERM_LENGTH} characters`);
  }
  return { kind, text: text.trim(), weight };
}

function splitsOf(value: unknown): Split[] {
  const given = list(value, "splits", SPLITS.length);
  const splits = given.map((split, i) => oneOf(split, `splits[${i}]`, SPLITS));
  if (new Set(splits).size !== splits.length) fail("splits: each at most once");
  return splits;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new AppError("query/link", "not JSON", { cause });
  }
}

function fields(value: unknown, key: string, known: readonly string[]): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return fail(`${key}: expected an object`);
  }
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) fail(`unknown key "${unknown.slice(0, 40)}" in ${key}`);
  return value as Record<string, unknown>; // checked above: an object with known keys only
}

function list(value: unknown, key: string, most: number): readonly unknown[] {
  const fits = Array.isArray(value) && value.length >= 1 && value.length <= most;
  return fits ? (value as unknown[]) : fail(`${key}: expected a list of 1 to ${most}`);
}

function digest(value: unknown, key: string): string {
  return typeof value === "string" && DIGEST.test(value)
    ? value
    : fail(`${key}: expected a SHA-256 in hex`);
}

function boolean(value: unknown, key: string): boolean {
  return typeof value === "boolean" ? value : fail(`${key}: expected true or false`);
}

function oneOf<T extends string>(value: unknown, key: string, known: readonly T[]): T {
  return known.find((name) => name === value) ?? fail(`${key}: expected ${known.join(" or ")}`);
}

function fail(detail: string): never {
  throw new AppError("query/link", detail);
}
