import { Tokenizer } from "@huggingface/tokenizers";
import { AppError } from "../../core/errors";

/** Token ids of a batch, padded to one length. */
export interface TokenBatch {
  /** [B, T] */
  readonly ids: BigInt64Array<ArrayBuffer>;
  /** [B, T], 1 for a token and 0 for padding. */
  readonly mask: BigInt64Array<ArrayBuffer>;
  readonly rows: number;
  readonly length: number;
}

/** Text to token ids, as the encoder was trained with. */
export interface TextTokenizer {
  /** At most `maxTokens` ids; a cut text keeps the special tokens that close it. */
  encode(text: string): number[];
  readonly padId: number;
  /** Side the padding goes to; the network was trained with one of them. */
  readonly padSide: "left" | "right";
}

/**
 * A tokenizer from the encoder's own files. The fixed padding and truncation that `tokenizer.json`
 * carries (128 for all-MiniLM-L6-v2) are turned off: we pad to the batch and cut at `maxTokens`.
 *
 * @throws AppError `encoder/failed` when the files are not what they should be.
 */
export function openTokenizer(
  tokenizerJson: Uint8Array,
  configJson: Uint8Array,
  maxTokens: number,
): TextTokenizer {
  const settings = parse(tokenizerJson, "tokenizer.json");
  const config = parse(configJson, "tokenizer_config.json");
  const tokenizer = new Tokenizer({ ...settings, padding: null, truncation: null }, config);
  const normalize = separatesIdeographs(settings) ? spaceRareIdeographs : (text: string) => text;
  const closing = tokenizer.encode("").ids; // special tokens alone, e.g. [CLS] [SEP]
  const padId = padIdOf(tokenizer, settings, config);
  return {
    padId,
    padSide: config["padding_side"] === "left" ? "left" : "right",
    encode: (text) => {
      const { ids } = tokenizer.encode(normalize(text));
      if (ids.length <= maxTokens) return ids;
      const kept = closingTokens(ids, closing);
      return [...ids.slice(0, Math.max(0, maxTokens - kept)), ...ids.slice(ids.length - kept)];
    },
  };
}

/** Ids of several texts, padded to the longest of them, or to `padTo` where that is more: [B, T]. */
export function tokenBatch(
  tokenizer: TextTokenizer,
  texts: readonly string[],
  padTo = 1, // a tokenizer without special tokens makes nothing of an empty text
): TokenBatch {
  const encoded = texts.map((text) => tokenizer.encode(text));
  const length = Math.max(padTo, ...encoded.map((ids) => ids.length));
  const ids = new BigInt64Array(texts.length * length).fill(BigInt(tokenizer.padId));
  const mask = new BigInt64Array(texts.length * length);
  encoded.forEach((tokens, row) => {
    const start = row * length + (tokenizer.padSide === "left" ? length - tokens.length : 0);
    tokens.forEach((token, t) => {
      ids[start + t] = BigInt(token);
      mask[start + t] = 1n;
    });
  });
  return { ids, mask, rows: texts.length, length };
}

/** How many special tokens close a text: those it ends with as an empty text does. */
function closingTokens(ids: readonly number[], empty: readonly number[]): number {
  let count = 0;
  while (count < empty.length && ids.at(-1 - count) === empty.at(-1 - count)) count++;
  return count;
}

/** What BERT's, RoBERTa's and XLM-R's families pad with, where no file says so. */
const USUAL_PAD_TOKENS = ["[PAD]", "<pad>"] as const;

/** The config's pad token, else the one of the padding in tokenizer.json, else the end token, else a usual one. */
function padIdOf(
  tokenizer: Tokenizer,
  { padding }: Record<string, unknown>,
  config: Record<string, unknown>,
): number {
  const fixed = padding as { pad_token?: unknown } | null | undefined;
  const named = [config["pad_token"], fixed?.pad_token, config["eos_token"]];
  for (const token of [...named, ...USUAL_PAD_TOKENS]) {
    // A string, or an AddedToken written out as an object.
    const content = (token as { content?: unknown } | null | undefined)?.content ?? token;
    const id = typeof content === "string" ? tokenizer.token_to_id(content) : undefined;
    if (id !== undefined) return id;
  }
  throw new AppError("encoder/failed", "no pad token: tokenizer_config.json must name one");
}

/** Whether the tokenizer is BERT's, which makes every ideograph a word of its own. */
function separatesIdeographs({ normalizer }: Record<string, unknown>): boolean {
  return (normalizer as { handle_chinese_chars?: unknown } | null)?.handle_chinese_chars === true;
}

/**
 * Spaces around ideographs beyond U+FFFF, which @huggingface/tokenizers 0.2.0 overlooks (it tests
 * single UTF-16 units). The ranges are those of the Rust library's BertNormalizer.
 */
function spaceRareIdeographs(text: string): string {
  return text.replace(
    /[\u{20000}-\u{2a6df}\u{2a700}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu,
    " $& ",
  );
}

function parse(bytes: Uint8Array, name: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (value !== null && typeof value === "object") return value as Record<string, unknown>;
    throw new TypeError("not an object");
  } catch (cause) {
    throw new AppError("encoder/failed", `${name}: ${String(cause)}`, { cause });
  }
}
