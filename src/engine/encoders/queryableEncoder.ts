import { embeddingWidth, type EmbeddingChoice, type EncoderSpec } from "../../core/domain/encoder";
import type { Matrix } from "../../core/math/matrix";
import type { Encoder } from "../../core/ports";
import type { Priority } from "./mutex";
import type { Session } from "./session";

/** An encoder whose queries overtake its batches, and whose other layers come out of one pass. */
export interface QueryableEncoder<Input> extends Encoder<Input> {
  encode(batch: readonly Input[], priority?: Priority): Promise<Matrix>;
  /** One matrix per choice, all from the same pass. @throws AppError `encoder/missing`. */
  encodeEach(
    batch: readonly Input[],
    choices: readonly EmbeddingChoice[],
    priority?: Priority,
  ): Promise<Matrix[]>;
}

interface QueryableOptions<Input> {
  readonly session: Session;
  readonly spec: EncoderSpec;
  /** What `encode` gives. */
  readonly choice: EmbeddingChoice;
  readonly encodeEach: QueryableEncoder<Input>["encodeEach"];
}

/** An encoder over a session, whatever its modality; `release` frees the session. */
export function queryableEncoder<Input>({
  session,
  spec,
  choice,
  encodeEach,
}: QueryableOptions<Input>): QueryableEncoder<Input> {
  return {
    width: embeddingWidth(spec, choice),
    device: session.device,
    encodeEach,
    encode: async (batch, priority) => (await encodeEach(batch, [choice], priority))[0]!,
    release: () => session.release(),
  };
}
