import type { Item } from "../../core/domain/dataset";
import type { SoundEncoder } from "../encoders/soundEncoder";
import type { FailedItem } from "./batchAttempt";

/** An encoder of recordings with what loads them, and what was found wrong with some of them. */
export interface NotedEncoding {
  readonly encoder: SoundEncoder;
  readonly load: (item: Item) => Promise<Blob>;
  /** Grows while items are encoded. */
  readonly flagged: readonly FailedItem[];
}

/** The same encoder, which takes note of every item that was encoded with a doubt. */
export function notingDoubts(
  encoder: SoundEncoder,
  load: (item: Item) => Promise<Blob>,
): NotedEncoding {
  const items = new WeakMap<Blob, Item>();
  const flagged: FailedItem[] = [];
  const note = (file: Blob) => {
    const item = items.get(file);
    const reason = encoder.doubtOf(file);
    if (item && reason) flagged.push({ digest: item.digest, source: item.source, reason });
  };
  return {
    flagged,
    load: async (item) => {
      const file = await load(item);
      items.set(file, item);
      return file;
    },
    encoder: {
      ...encoder,
      encode: async (batch, priority) => {
        const vectors = await encoder.encode(batch, priority);
        for (const input of batch) if (input instanceof Blob) note(input);
        return vectors;
      },
    },
  };
}
