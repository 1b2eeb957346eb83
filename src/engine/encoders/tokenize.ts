import { Tokenizer } from "@huggingface/tokenizers";
import { AppError } from "../../core/errors";

/** Token ids of a batch, padded to its longest text. */
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
  /** At most `maxTokens` ids; a cut text keeps its closing special token. */
  encode(text: string): number[];
  readonly padId: number;
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
  const padId = tokenizer.token_to_id(String(config["pad_token"]));
  if (padId === undefined) throw new AppError("encoder/failed", "tokenizer.json has no pad token");
  return {
    padId,
    encode: (text) => {
      const { ids } = tokenizer.encode(normalize(text));
      if (ids.length <= maxTokens) return ids;
      return [...ids.slice(0, maxTokens - 1), ids.at(-1)!]; // the last one closes the text ([SEP])
    },
  };
}

/** Ids of several texts, padded on the right to the longest: [B, T]. */
export function tokenBatch(tokenizer: TextTokenizer, texts: readonly string[]): TokenBatch {
  const encoded = texts.map((text) => tokenizer.encode(text));
  const length = Math.max(...encoded.map((ids) => ids.length));
  const ids = new BigInt64Array(texts.length * length).fill(BigInt(tokenizer.padId));
  const mask = new BigInt64Array(texts.length * length);
  encoded.forEach((tokens, row) =>
    tokens.forEach((token, t) => {
      ids[row * length + t] = BigInt(token);
      mask[row * length + t] = 1n;
    }),
  );
  return { ids, mask, rows: texts.length, length };
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
