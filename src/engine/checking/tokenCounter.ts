import type { EncoderSpec } from "../../core/domain/encoder";
import { AppError } from "../../core/errors";
import { loadFiles, type LoadOptions } from "../encoders/loadFiles";
import { openTokenizer } from "../encoders/tokenize";
import type { TokenCounter } from "./captions";

/**
 * Counts tokens as a text encoder does, from its tokenizer's files alone; no model is loaded.
 *
 * @returns the reason, in words, when the encoder has no tokenizer or its files are not here.
 */
export async function openTokenCounter(
  spec: EncoderSpec,
  options: LoadOptions,
): Promise<TokenCounter | { readonly missing: string }> {
  const { preprocessing, name } = spec;
  if (preprocessing?.kind !== "text") return { missing: `${name} has no tokenizer` };
  const files = spec.files.filter(({ role }) => role.startsWith("tokenizer"));
  if (files.some(({ sha256 }) => sha256 === null)) {
    return { missing: `${name} has not been downloaded` };
  }
  try {
    const loaded = await loadFiles({ ...spec, files }, options);
    const [tokenizer, config] = [loaded.get("tokenizer"), loaded.get("tokenizer-config")];
    if (!tokenizer || !config) return { missing: `${name} has no tokenizer` };
    const { encode } = openTokenizer(tokenizer, config, Infinity);
    const prefix = preprocessing.prefix ?? "";
    return {
      name,
      maxTokens: preprocessing.maxTokens,
      count: (text) => encode(prefix + text).length,
    };
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (!error.code.startsWith("encoder/")) throw error;
    return { missing: `the tokenizer of ${name} cannot be loaded: ${error.message}` };
  }
}
