import type { TextPreprocessing } from "../../../core/domain/encoder";
import type { Guess } from "./guessImage";

type Settings = Readonly<Record<string, unknown>> | undefined;

interface TextSettings {
  readonly config: Settings;
  readonly tokenizerConfig: Settings;
  readonly sentenceBert: Settings;
  /** Tokens the network's input fixes; undefined where it takes any number. */
  readonly fixedTokens: number | undefined;
}

/** A caption never needs more, and the time of a batch grows with its longest text. */
const MAX_TOKENS = 512;

/** RoBERTa's family numbers positions from the padding token on, so two of them are never used. */
const OFFSET_FAMILIES: ReadonlySet<unknown> = new Set([
  "roberta",
  "xlm-roberta",
  "camembert",
  "mpnet",
  "longformer",
]);

/** How many tokens a text may have, from whichever of the files says the least. */
export function guessText(settings: TextSettings): Guess<TextPreprocessing> {
  const { config, tokenizerConfig, sentenceBert, fixedTokens } = settings;
  if (fixedTokens !== undefined) {
    return {
      preprocessing: { kind: "text", maxTokens: fixedTokens, padTo: fixedTokens },
      reasons: [],
      isCertain: true,
    };
  }
  const offset = OFFSET_FAMILIES.has(config?.["model_type"]) ? 2 : 0;
  const positions = countOf(config?.["max_position_embeddings"]);
  const limits = [
    countOf(sentenceBert?.["max_seq_length"]),
    countOf(tokenizerConfig?.["model_max_length"]), // 1e30 where nobody set it
    positions && positions - offset,
  ].filter((limit) => limit !== undefined);
  const isCertain = limits.length > 0;
  return {
    preprocessing: { kind: "text", maxTokens: Math.min(MAX_TOKENS, ...limits) },
    reasons: isCertain
      ? []
      : [`No file says how many tokens a text may have: at most ${MAX_TOKENS} are assumed.`],
    isCertain,
  };
}

function countOf(value: unknown): number | undefined {
  return Number.isInteger(value) && (value as number) > 2 && (value as number) < 1e6
    ? (value as number)
    : undefined;
}
