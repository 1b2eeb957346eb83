import type { EmbeddingChoice, EncoderSpec, TextPreprocessing } from "../../core/domain/encoder";
import { queryableEncoder, type QueryableEncoder } from "./queryableEncoder";
import { outputNames, readEmbeddings } from "./readEmbeddings";
import type { Feeds, Session, Tensor } from "./session";
import { tokenBatch, type TextTokenizer, type TokenBatch } from "./tokenize";

interface TextEncoderOptions {
  readonly session: Session;
  readonly spec: EncoderSpec;
  readonly choice: EmbeddingChoice;
  readonly preprocessing: TextPreprocessing;
  readonly tokenizer: TextTokenizer;
}

/** Captions to embeddings. A batch costs as much as its longest text times its size. */
export function textEncoder(options: TextEncoderOptions): QueryableEncoder<string> {
  const { session, spec, choice, preprocessing, tokenizer } = options;
  const encodeEach: QueryableEncoder<string>["encodeEach"] = async (batch, choices, priority) => {
    const names = outputNames(spec, choices);
    const tokens = tokensOf(batch, preprocessing, tokenizer);
    const outputs = await session.run(tokenFeeds(tokens, session), names, priority);
    const { rows, mask } = tokens;
    return choices.map((each) => readEmbeddings(outputs, { spec, choice: each, rows, mask }));
  };
  return queryableEncoder({ session, spec, choice, encodeEach });
}

/** Token ids of captions, with the prefix the network was trained with. */
export function tokensOf(
  batch: readonly string[],
  { prefix = "", padTo }: TextPreprocessing,
  tokenizer: TextTokenizer,
): TokenBatch {
  return tokenBatch(
    tokenizer,
    batch.map((text) => prefix + text),
    padTo,
  );
}

/** Feeds as this export asks for them: CLIP's takes no mask, BERT's may want segments (all zeros). */
export function tokenFeeds(
  { ids, mask, rows, length }: TokenBatch,
  session: Pick<Session, "hasInput">,
): Feeds {
  const int64 = (data: BigInt64Array<ArrayBuffer>): Tensor => ({
    kind: "int64",
    data,
    dims: [rows, length],
  });
  return {
    input_ids: int64(ids),
    ...(session.hasInput("attention_mask") && { attention_mask: int64(mask) }),
    ...(session.hasInput("token_type_ids") && {
      token_type_ids: int64(new BigInt64Array(ids.length)),
    }),
  };
}
