import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeNpy } from "../../src/core/formats/npy";
import { takeRows, type Matrix } from "../../src/core/math/matrix";
import { referenceData } from "../bench/referenceData";

const CSV = join(import.meta.dirname, "../fixtures/reference-embeddings/metadata/metadata_0.csv");

/** Files of clip-retrieval's layout with the reference embeddings of every `every`-th pair. */
export function referenceSubset(count: number, every: number): { name: string; input: BlobPart }[] {
  const indices = Array.from({ length: count }, (_, i) => i * every);
  const { image, text, pairs } = referenceData();
  const texts = indices.map((i) => pairs.text[i] ?? 0);
  const npy = ({ data, rows, cols }: Matrix) => writeNpy(data, [rows, cols], "f2");
  const [header = "", ...lines] = readFileSync(CSV, "utf8").trimEnd().split("\n");
  return [
    { name: "img_emb/img_emb_0.npy", input: npy(takeRows(image, indices)) },
    { name: "text_emb/text_emb_0.npy", input: npy(takeRows(text, texts)) },
    {
      name: "metadata/metadata_0.csv",
      input: [header, ...indices.map((i) => lines[i] ?? "")].join("\n"),
    },
  ];
}
