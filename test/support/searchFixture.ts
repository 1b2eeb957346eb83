import type { Item, Pair } from "../../src/core/domain/dataset";
import { matrix } from "../../src/core/math/matrix";
import { openBackend } from "../../src/engine/align/backend";
import { SearchService } from "../../src/engine/search/searchService";
import { IdbDatasetStore } from "../../src/storage/datasetStore";
import { openPlaygroundDb } from "../../src/storage/db";
import { IdbEmbeddingStore } from "../../src/storage/embeddingStore";
import { IdbProjectStore } from "../../src/storage/projectStore";
import { IdbRunStore } from "../../src/storage/runStore";
import { sampleImage, sampleProject, sampleProjectors, sampleRun, sampleText } from "./samples";

export interface SearchFixture {
  /** One vector per item; every item is encoded. */
  readonly image: readonly (readonly number[])[];
  readonly text: readonly (readonly number[])[];
  readonly pairs: readonly Pair[];
  /** Labels by index of an image. */
  readonly labels?: Readonly<Record<number, Item["labels"]>>;
}

/** A search over vectors that the projectors only bring to length 1; project p1, run r1. */
export async function openSearch({ image, text, pairs, labels = {} }: SearchFixture) {
  const db = await openPlaygroundDb(crypto.randomUUID());
  const datasets = new IdbDatasetStore(db);
  const embeddings = new IdbEmbeddingStore(db);
  const runs = new IdbRunStore(db);
  const named = (side: string, vectors: readonly unknown[]) => vectors.map((_, i) => `${side}${i}`);
  const names = { image: named("image", image), text: named("text", text) };
  await datasets.replaceData(sampleProject(), {
    audio: [],
    sensor: [],
    image: names.image.map((digest, i) => ({
      ...sampleImage(digest),
      ...(labels[i] && { labels: labels[i] }),
    })),
    text: names.text.map((digest) => sampleText(digest)),
    pairs: [...pairs],
  });
  await embeddings.putChunk("image-key", names.image, rowsOf(image));
  await embeddings.putChunk("text-key", names.text, rowsOf(text));
  await runs.put(sampleRun());
  await runs.putProjectors(sampleProjectors("r1", 5, image[0]?.length ?? 0));
  const service = new SearchService({
    projects: new IdbProjectStore(db),
    datasets,
    embeddings,
    runs,
    openBackend: () => openBackend("cpu"),
  });
  return { service, datasets, db, place: { projectId: "p1", runId: "r1" } as const };
}

const rowsOf = (vectors: readonly (readonly number[])[]) =>
  matrix(vectors.length, vectors[0]?.length ?? 0, Float32Array.from(vectors.flat()));
