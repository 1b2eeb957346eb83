import { Blob as NodeBlob } from "node:buffer";
import type { Item, Pair } from "../../src/core/domain/dataset";
import type { Project } from "../../src/core/domain/project";
import type { Services } from "../../src/app/services";

/** A project with `size` pairs of one-pixel pictures and captions, one group each. */
export async function projectWithPairs(services: Services, size: number): Promise<Project> {
  const created = await services.projects.create("My museum");
  const image = Array.from({ length: size }, (_, i) => imageItem(i));
  const text = Array.from({ length: size }, (_, i) => textItem(i));
  const pairs = Array.from({ length: size }, (_, i) => pairOf(i));
  const project: Project = {
    ...created,
    data: {
      digest: "d1",
      source: "museum.zip",
      mapping: [
        { column: "file_name", role: "file" },
        { column: "text", role: "caption" },
      ],
      split: { group: "auto", validation: 0.1, test: 0.1, seed: 0 },
      report: {
        rows: size + 1,
        used: size,
        skipped: 1,
        items: { image: size, text: size, audio: 0, sensor: 0 },
        pairs: size,
        groups: size,
        splits: { train: size, validation: 0, test: 0 },
        splitSource: "drawn",
        issues: [
          {
            kind: "skipped",
            where: "metadata.csv:17",
            reason: "caption is empty",
            remedy: "Write a caption in the column text.",
          },
          {
            kind: "flagged",
            where: "=cmd.png",
            reason: "the picture is one pixel",
            remedy: "Check that the file is whole.",
          },
        ],
        elapsedMs: 12,
      },
      format: "imagefolder",
      media: "image",
      edits: [],
      labelColumns: ["category"],
      sizeBytes: 4_900_000,
    },
  };
  // Node's own: jsdom's cannot be cloned into the database.
  const blobs = image.map(({ digest }) => ({ digest, blob: new NodeBlob([digest]) as Blob }));
  await services.stores.datasets.putOriginals(project.id, blobs);
  await services.stores.datasets.replaceData(project, {
    image,
    text,
    audio: [],
    sensor: [],
    pairs,
  });
  return project;
}

const imageItem = (i: number): Item => ({
  modality: "image",
  digest: `image-${i}`,
  source: `images/${i}.png`,
  width: 1,
  height: 1,
  labels: { category: i % 2 ? "animals" : "objects" },
});

const textItem = (i: number): Item => ({
  modality: "text",
  digest: `text-${i}`,
  source: `metadata.csv:${i + 2}`,
  text: `caption ${i}`,
});

const pairOf = (i: number): Pair => ({
  image: i,
  text: i,
  group: `g${i}`,
  split: i % 10 ? "train" : "test",
  row: `metadata.csv:${i + 2}`,
});
