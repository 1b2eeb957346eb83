import type { Item } from "../../core/domain/dataset";
import type { ItemNote } from "../../core/domain/namedItems";
import type { DoubtStore } from "../../core/ports";
import type { SoundEncoder } from "../encoders/soundEncoder";

/** An encoder of recordings with what loads them, and what was found wrong with some of them. */
export interface NotedEncoding {
  readonly encoder: SoundEncoder;
  readonly load: (item: Item) => Promise<Blob>;
  /** Grows while items are encoded. */
  readonly flagged: readonly ItemNote[];
}

/** Where recordings come from, and where doubts about them are kept. */
interface Sources {
  readonly load: (item: Item) => Promise<Blob>;
  readonly doubts: Pick<DoubtStore, "put">;
}

/**
 * The same encoder, which takes note of every item that was encoded with a doubt. Doubts are stored
 * before the vectors are handed on, so that no stop comes between.
 */
export function notingDoubts(encoder: SoundEncoder, { load, doubts }: Sources): NotedEncoding {
  const items = new WeakMap<Blob, Item>();
  const flagged: ItemNote[] = [];
  const noteOf = (file: Blob): ItemNote[] => {
    const item = items.get(file);
    const reason = encoder.doubtOf(file);
    return item && reason ? [{ digest: item.digest, source: item.source, reason }] : [];
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
        const notes = batch.flatMap((input) => (input instanceof Blob ? noteOf(input) : []));
        flagged.push(...notes);
        if (notes.length > 0) {
          await doubts.put(new Map(notes.map(({ digest, reason }) => [digest, reason])));
        }
        return vectors;
      },
    },
  };
}
