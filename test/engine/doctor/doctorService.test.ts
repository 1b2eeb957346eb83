import { expect, it } from "vitest";
import type { AlignmentData } from "../../../src/core/domain/alignmentData";
import { examineProject } from "../../../src/engine/doctor/doctorService";
import { openPlaygroundDb } from "../../../src/storage/db";
import { IdbDatasetStore } from "../../../src/storage/datasetStore";
import { IdbEmbeddingStore } from "../../../src/storage/embeddingStore";
import { IdbEncoderStore } from "../../../src/storage/encoderStore";
import { IdbProjectStore } from "../../../src/storage/projectStore";
import { openAlignProject } from "../../support/alignProject";
import { latentData } from "../../support/alignmentFixture";

const SIZE = 60;

/** The pairs of `data` in another order; items stay where they are. */
function reordered({ pairs, ...data }: AlignmentData): AlignmentData {
  const order = Array.from({ length: pairs.length }, (_, p) => (p * 7) % pairs.length);
  const by = (column: Uint32Array) => Uint32Array.from(order, (p) => column[p]!);
  return {
    ...data,
    pairs: {
      length: pairs.length,
      image: by(pairs.image),
      text: by(pairs.text),
      split: order.map((p) => pairs.split[p]!),
      component: by(pairs.component),
    },
  };
}

async function examined(name: string, data: AlignmentData) {
  const db = await openPlaygroundDb(name);
  await openAlignProject(db, { data });
  const stores = {
    projects: new IdbProjectStore(db),
    datasets: new IdbDatasetStore(db),
    embeddings: new IdbEmbeddingStore(db),
    encoders: new IdbEncoderStore(db),
  };
  const diagnosis = await examineProject(
    stores,
    { projectId: "p1" },
    { signal: new AbortController().signal, report: () => {} },
  );
  db.close();
  return diagnosis;
}

it("gives every pair the same mismatch whatever the order of the table", async () => {
  const data = latentData({ train: SIZE, noise: 0.1 });
  const other = reordered(data);
  const [first, second] = [await examined("doctor-a", data), await examined("doctor-b", other)];
  expect(second.ranking.mismatch).toEqual(first.ranking.mismatch);
  const images = second.ranking.pair.map((p) => other.pairs.image[p]!);
  expect(images).toEqual(first.ranking.pair.map((p) => data.pairs.image[p]!));
  expect(second.selfTest).toEqual(first.selfTest);
});

it("names pairs and captions as the project does", async () => {
  const { ranking, leftOut } = await examined("doctor-c", latentData({ train: SIZE, noise: 0.1 }));
  expect([...ranking.pair].sort((a, b) => a - b)).toEqual([...Array(SIZE).keys()]);
  expect(ranking.caption).toEqual(ranking.pair); // caption p belongs to pair p
  expect(leftOut).toBe(0);
});
