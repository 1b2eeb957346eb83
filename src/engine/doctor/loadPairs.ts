import type { Item, Pair } from "../../core/domain/dataset";
import { isInUse, itemsInUse } from "../../core/domain/inUse";
import type { Project } from "../../core/domain/project";
import { AppError } from "../../core/errors";
import type { DatasetStore, EmbeddingStore, EncoderStore } from "../../core/ports";
import { encoderKey } from "../encoding/encoderKey";
import { loadGallery } from "../encoding/loadGallery";
import type { DoctorInput } from "./diagnose";

/** What the doctor reads. */
export interface DoctorStores {
  readonly datasets: Pick<DatasetStore, "items" | "pairs">;
  readonly embeddings: EmbeddingStore;
  readonly encoders: Pick<EncoderStore, "get">;
}

export interface LoadedPairs {
  readonly input: DoctorInput;
  /** Index in the project of each pair of the input, and of the caption of each text row. */
  readonly pairs: Uint32Array<ArrayBuffer>;
  readonly captions: Uint32Array<ArrayBuffer>;
  /** Pairs in use that lack an embedding on one side. */
  readonly leftOut: number;
}

interface Found {
  readonly index: number;
  readonly image: number;
  readonly text: number;
}

/**
 * The pairs in use that are encoded on both sides, in an order that depends on what they are and
 * not on where they stand: by digest of image and caption.
 *
 * @throws AppError `embeddings/missing` when one side has no embeddings at all.
 */
export async function loadPairs(stores: DoctorStores, project: Project): Promise<LoadedPairs> {
  const { datasets, embeddings, encoders } = stores;
  const [images, texts, pairs] = await Promise.all([
    datasets.items(project.id, "image"),
    datasets.items(project.id, "text"),
    datasets.pairs(project.id),
  ]);
  const load = async (modality: "image" | "text", items: readonly Item[]) => {
    const choice = project.encoders[modality];
    const key = await encoderKey(await encoders.get(choice.id), choice);
    // A caption that was replaced, or the image of an excluded pair, is nobody's rival.
    const used = itemsInUse(pairs, modality, items.length);
    const sorted = byDigest(items).filter((i) => used[i] === 1);
    const gallery = await loadGallery(
      embeddings,
      key,
      sorted.map((i) => items[i]!),
    );
    const rowOf = new Int32Array(items.length).fill(-1);
    gallery.items.forEach((place, r) => (rowOf[sorted[place]!] = r));
    return { raw: gallery.raw, items: gallery.items.map((place) => sorted[place]!), rowOf };
  };
  const image = await load("image", images);
  const text = await load("text", texts);
  if (image.raw.rows === 0 || text.raw.rows === 0) {
    const side = image.raw.rows === 0 ? "images" : "captions";
    throw new AppError("embeddings/missing", `no ${side} are encoded`);
  }
  const used = pairs.flatMap((pair, index): Found[] => {
    const rows = [image.rowOf[pair.image ?? -1] ?? -1, text.rowOf[pair.text ?? -1] ?? -1] as const;
    return isInUse(pair) && rows[0] >= 0 && rows[1] >= 0
      ? [{ index, image: rows[0], text: rows[1] }]
      : [];
  });
  const ordered = [...used].sort((a, b) => a.image - b.image || a.text - b.text);
  const groups = numbered(ordered.map(({ index }) => pairs[index]!.group));
  const table = oneOfEachRow(used, pairs);
  return {
    input: {
      image: image.raw,
      text: text.raw,
      pairs: {
        image: Uint32Array.from(ordered, (pair) => pair.image),
        text: Uint32Array.from(ordered, (pair) => pair.text),
        group: groups,
      },
      looks: Array.from(image.items, (i) => images[i]?.look),
      table: {
        image: Uint32Array.from(table, (pair) => pair.image),
        text: Uint32Array.from(table, (pair) => pair.text),
      },
    },
    pairs: Uint32Array.from(ordered, ({ index }) => index),
    captions: Uint32Array.from(text.items),
    leftOut: pairs.filter(isInUse).length - used.length,
  };
}

/** Indices of items by digest. */
function byDigest(items: readonly Item[]): number[] {
  const digests = items.map(({ digest }) => digest);
  return [...items.keys()].sort((a, b) =>
    digests[a]! < digests[b]! ? -1 : digests[a]! > digests[b]! ? 1 : a - b,
  );
}

function numbered(names: readonly string[]): Uint32Array<ArrayBuffer> {
  const numbers = new Map<string, number>();
  return Uint32Array.from(names, (name) => {
    const known = numbers.get(name) ?? numbers.size;
    numbers.set(name, known);
    return known;
  });
}

/** Rows of several captions give their first one: an offset of rows is one of all columns. */
function oneOfEachRow(used: readonly Found[], pairs: readonly Pair[]): Found[] {
  const seen = new Set<string>();
  return used.filter(({ index }) => {
    const row = pairs[index]!.row;
    const isNew = !seen.has(row);
    seen.add(row);
    return isNew;
  });
}
