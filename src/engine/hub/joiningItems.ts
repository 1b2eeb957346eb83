import type { JoinRequest } from "../../core/domain/joinRequest";
import type { Modality } from "../../core/domain/modality";
import { nameItems, type NamedItems } from "../../core/domain/namedItems";
import type { Project } from "../../core/domain/project";
import { AppError } from "../../core/errors";
import type { DatasetStore, DoubtStore, EmbeddingStore, EncoderStore } from "../../core/ports";
import { encoderKey } from "../encoding/encoderKey";
import type { LinkedRows } from "./joinData";
import { loadLinks, type CaptionSplits } from "./links";
import { loadMemberItems } from "./memberGallery";

/** Items that join a hub, with what their project ties them to. */
export interface JoiningItems extends LinkedRows {
  readonly encoderKey: string;
  /** Pairs whose split is that of the hub, not their project's. */
  readonly followed: number;
  /** Those that were encoded with a doubt. */
  flagged(): Promise<NamedItems>;
  /**
   * Pairs one side of which has no embedding.
   * @param captions digests of the captions that have one; null where they are not needed.
   */
  leftOut(captions: ReadonlySet<string> | null): number;
}

interface ItemStores {
  readonly datasets: DatasetStore;
  readonly embeddings: EmbeddingStore;
  readonly encoders: Pick<EncoderStore, "get">;
  readonly doubts: Pick<DoubtStore, "all">;
}

const NAMES = {
  image: "images",
  text: "captions",
  audio: "sounds",
  sensor: "windows",
} as const satisfies Record<Modality, string>;

/** Which items join, and by which encoder. */
interface Joining extends Pick<JoinRequest, "modality" | "encoder"> {
  readonly hubSplits: CaptionSplits;
}

/**
 * The encoded items of a modality that pairs in use have, under the hub's splits.
 *
 * @throws AppError `embeddings/missing` where none is encoded, `encoder/missing`.
 */
export async function loadJoiningItems(
  stores: ItemStores,
  { id, name, data }: Pick<Project, "id" | "name" | "data">,
  { modality, encoder, hubSplits }: Joining,
): Promise<JoiningItems> {
  const key = await encoderKey(await stores.encoders.get(encoder.id), encoder);
  const owner = {
    ...{ name, modality, encoderKey: key },
    data: { projectId: id, digest: data?.digest ?? "" },
  };
  const [items, links] = await Promise.all([
    loadMemberItems(stores, owner, { hubSplits }),
    loadLinks(stores.datasets, id, hubSplits),
  ]);
  if (items.raw.rows === 0) {
    throw new AppError("embeddings/missing", `no ${NAMES[modality]} of “${name}” are encoded`);
  }
  const pairs = links.pairs.filter(({ pair }) => pair[modality] !== undefined);
  const encoded = new Set(items.items);
  return {
    flagged: async () => {
      const all = await stores.datasets.items(id, modality);
      const doubts = await stores.doubts.all();
      const notes = [...encoded].flatMap((index) => {
        const { digest = "", source = "" } = all[index] ?? {};
        const reason = doubts.get(digest);
        return reason === undefined ? [] : [{ digest, source, reason }];
      });
      return nameItems(notes);
    },
    rows: items.raw,
    captions: items.captions,
    splits: items.splits,
    encoderKey: key,
    followed: pairs.filter(({ pair, split }) => pair.split !== split).length,
    leftOut: (known) =>
      pairs.filter(
        ({ pair, caption }) =>
          !encoded.has(pair[modality] ?? -1) || (known !== null && !known.has(caption)),
      ).length,
  };
}
