import { matrix } from "../../core/math/matrix";
import type { QueryableEncoder } from "./imageEncoder";
import type { Feeds, Session } from "./session";
import { tokenBatch, type TextTokenizer } from "./tokenize";

interface TextEncoderOptions {
  readonly session: Session;
  readonly tokenizer: TextTokenizer;
  readonly width: number;
  /** Session output that holds the embedding. */
  readonly output: string;
}

/** Captions to embeddings. A batch costs as much as its longest text times its size. */
export function textEncoder(options: TextEncoderOptions): QueryableEncoder<string> {
  const { session, tokenizer, width, output } = options;
  return {
    width,
    device: session.device,
    async encode(batch, priority) {
      const { ids, mask, rows, length } = tokenBatch(tokenizer, batch);
      const dims = [rows, length];
      const feeds: Feeds = {
        input_ids: { kind: "int64", data: ids, dims },
        attention_mask: { kind: "int64", data: mask, dims },
        // Other exports of the same network ask for it; all zeros: one segment.
        ...(session.hasInput("token_type_ids") && {
          token_type_ids: { kind: "int64" as const, data: new BigInt64Array(ids.length), dims },
        }),
      };
      const result = await session.run(feeds, output, priority);
      return matrix(rows, width, result.data);
    },
    release: () => session.release(),
  };
}
