import { AppError, type ErrorCode } from "../errors";
import { utf8Of } from "./bytesText";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Core has neither TextEncoder nor btoa, so both codecs are spelled out.

/** A text's UTF-8 as base64url without padding: what an address can carry. */
export function textToBase64Url(value: string): string {
  return base64url(utf8Of(value));
}

/**
 * The text that `textToBase64Url` wrote; padding is allowed.
 *
 * @throws AppError with `code`: not base64url, or not UTF-8.
 */
export function textOfBase64Url(encoded: string, code: ErrorCode): string {
  const values = bytes(encoded);
  if (!values) throw new AppError(code, "the link is damaged: not base64url");
  const escaped = values.map((value) => `%${value.toString(16).padStart(2, "0")}`).join("");
  try {
    return decodeURIComponent(escaped);
  } catch (cause) {
    throw new AppError(code, "the link is damaged: not UTF-8", { cause });
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

/** Undefined where it is not base64url. */
function bytes(encoded: string): number[] | undefined {
  const trimmed = encoded.replace(/=+$/, "");
  const bits = [...trimmed].map((letter) => ALPHABET.indexOf(letter));
  if (trimmed.length % 4 === 1 || bits.includes(-1)) return undefined;
  const out: number[] = [];
  for (let i = 0; i + 1 < bits.length; i += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = bits.slice(i, i + 4);
    const word = (a << 18) | (b << 12) | (c << 6) | d;
    const count = Math.min(3, bits.length - i - 1);
    for (let k = 0; k < count; k++) out.push((word >> (16 - 8 * k)) & 255);
  }
  return out;
}
