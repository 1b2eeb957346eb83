import type { Recipe } from "../domain/recipe";
import { parseSweep, type Sweep } from "../domain/sweep";
import { AppError } from "../errors";

const KEY = "recipe=";
const MAX_LINK_LENGTH = 64 * 1024; // a full recipe takes 1 kB; anything near this is not one
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The hash part of a link that carries a recipe, without `#`: `recipe=<base64url of its JSON>`. */
export function encodeRecipeLink(recipe: Recipe): string {
  return KEY + base64url(utf8(JSON.stringify(recipe)));
}

/**
 * The link of a recipe's JSON text, lists as they are written.
 *
 * @throws AppError `recipe/invalid` when it is not JSON, not a recipe, or not a sweep.
 */
export function recipeLinkOf(json: string): string {
  const { axes, recipes } = parseSweep(json);
  const only = recipes[0];
  if (axes.length === 0 && only) return encodeRecipeLink(only);
  return KEY + base64url(utf8(JSON.stringify(JSON.parse(json))));
}

/** Whether a location's hash carries a recipe, valid or not. */
export function isRecipeLink(hash: string): boolean {
  return hash.replace(/^#/, "").startsWith(KEY);
}

/**
 * The recipe in a location's hash as a sweep of one or more runs, defaults filled in.
 *
 * @param hash with or without the leading `#`.
 * @throws AppError `recipe/invalid`: not a recipe link, over 64 kB, not base64url, not UTF-8, not
 * JSON, or not a recipe.
 */
export function decodeRecipeLink(hash: string): Sweep {
  if (!isRecipeLink(hash)) throw new AppError("recipe/invalid", "the link carries no recipe");
  if (hash.length > MAX_LINK_LENGTH) {
    throw new AppError("recipe/invalid", `a link of ${hash.length} characters; the limit is 64 kB`);
  }
  return parseSweep(text(bytes(hash.replace(/^#/, "").slice(KEY.length))));
}

// Core has neither TextEncoder nor btoa, so both codecs are spelled out.

function utf8(value: string): number[] {
  const escaped = encodeURIComponent(value);
  const out: number[] = [];
  for (let i = 0; i < escaped.length; i++) {
    if (escaped[i] !== "%") {
      out.push(escaped.charCodeAt(i));
      continue;
    }
    out.push(Number.parseInt(escaped.slice(i + 1, i + 3), 16));
    i += 2;
  }
  return out;
}

function text(values: readonly number[]): string {
  const escaped = values.map((value) => `%${value.toString(16).padStart(2, "0")}`).join("");
  try {
    return decodeURIComponent(escaped);
  } catch (cause) {
    throw new AppError("recipe/invalid", "the link is damaged: not UTF-8", { cause });
  }
}

function base64url(values: readonly number[]): string {
  let out = "";
  for (let i = 0; i < values.length; i += 3) {
    const [a = 0, b, c] = values.slice(i, i + 3);
    const word = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    const letters = b === undefined ? 2 : c === undefined ? 3 : 4;
    for (let k = 0; k < letters; k++) out += ALPHABET.charAt((word >> (18 - 6 * k)) & 63);
  }
  return out;
}

function bytes(encoded: string): number[] {
  const trimmed = encoded.replace(/=+$/, "");
  const bits = [...trimmed].map((letter) => ALPHABET.indexOf(letter));
  if (trimmed.length % 4 === 1 || bits.includes(-1)) {
    throw new AppError("recipe/invalid", "the link is damaged: not base64url");
  }
  const out: number[] = [];
  for (let i = 0; i + 1 < bits.length; i += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = bits.slice(i, i + 4);
    const word = (a << 18) | (b << 12) | (c << 6) | d;
    const count = Math.min(3, bits.length - i - 1);
    for (let k = 0; k < count; k++) out.push((word >> (16 - 8 * k)) & 255);
  }
  return out;
}
