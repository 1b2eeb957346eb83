import { expect, it } from "vitest";
import type { Item } from "../../../src/core/domain/dataset";
import { ItemCache } from "../../../src/ui/components/search/itemCache";
import { mapCsv } from "../../../src/ui/features/query/map/mapCsv";
import { mapModel } from "../../../src/ui/features/query/map/mapModel";
import type { DatasetStore } from "../../../src/core/ports";
import { FACTS, ITEMS, SCORES } from "./mapFixture";

it("writes what is known of each point and guards what a spreadsheet would run", async () => {
  const itemRange: DatasetStore["itemRange"] = async (_, modality) =>
    [0, 1, 2].map((i): Item => ({
      ...{ modality, digest: `${modality}-${i}`, source: `file ${i}` },
      ...(modality === "text" ? { text: i === 1 ? "=1+1" : `caption ${i}` } : {}),
    }));
  const cache = new ItemCache({ itemRange } as DatasetStore, "p"); // reads nothing else
  const model = mapModel(ITEMS, FACTS, { scores: SCORES });
  const places = Float32Array.from({ length: 12 }, (_, i) => i / 2);
  const csv = await mapCsv(model, [4, 2, 0], { places, cache });
  expect(csv.split("\r\n")).toEqual([
    "modality,digest,source,caption,split,kind,rank,cosine,x,y",
    "text,text-1,file 1,'=1+1,test,'=dog,1,0.5,4,4.5",
    "image,image-2,file 2,file 2,test,,,,2,2.5",
    expect.stringMatching(/^image,image-0,file 0,caption 0,train,cat,,0\.8\d+,0,0\.5$/),
    "",
  ]);
});
