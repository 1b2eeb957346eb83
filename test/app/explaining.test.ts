import { expect, it } from "vitest";
import { Explaining, type Found } from "../../src/app/explaining";
import type { QueryInput } from "../../src/core/domain/encodeRequest";
import type { PictureParts } from "../../src/core/domain/pictureMap";
import { dot, matrix } from "../../src/core/math/matrix";
import type { SearchContract } from "../../src/rpc/searchContract";
import type { WorkerCalls } from "../../src/app/workerSlot";
import { sampleProject } from "../support/samples";

// A text is the counts of four words; a space is the raw vectors themselves.
const WORDS = ["red", "apple", "on", "tree"];
const vectorOf = (text: string) =>
  WORDS.map((word) => text.split(" ").filter((own) => own === word).length);
const ITEMS = [
  [3, 1, 0, 0],
  [0, 0, 2, 1],
  [1, 1, 1, 1],
  [0, 4, 0, 1],
  [2, 0, 1, 0],
];

type ScoreParams = SearchContract["scoreVectors"]["params"];

function fakeSearcher(asked: ScoreParams[] = []): WorkerCalls<SearchContract> {
  const score = async (params: ScoreParams) => {
    asked.push(params);
    const { queries, rows, controls } = params;
    const others = ITEMS.map((_, item) => item).slice(1);
    const all = queries.map((terms) =>
      [0, 1, 2, 3].map((d) =>
        terms.reduce((sum, term) => {
          const vector = "item" in term ? ITEMS[term.item]! : term.vector;
          return sum + term.weight * vector[d]!;
        }, 0),
      ),
    );
    const scored =
      "items" in rows
        ? rows.items.map((item) => ITEMS[item]!)
        : Array.from({ length: rows.count }, (_, i) => [...rows.vectors.slice(i * 4, i * 4 + 4)]);
    if (controls?.as === "queries") all.push(...others.map((item) => ITEMS[item]!));
    if (controls?.as === "rows") scored.push(...others.map((item) => ITEMS[item]!));
    const scores = Float32Array.from(all.flatMap((q) => scored.map((r) => dot(q, r))));
    return { scores, queries: all.length, rows: scored.length, step: 7 };
  };
  const call = async (method: string, params: unknown) =>
    method === "scoreVectors" ? score(params as ScoreParams) : params;
  return { call, close: () => {} } as unknown as WorkerCalls<SearchContract>;
}

function setup(method: PictureParts["method"] = "tokens") {
  const asked: ScoreParams[] = [];
  const encoded: string[][] = [];
  const pictures: string[] = [];
  const parts: PictureParts = {
    ...{ method, rows: 2, cols: 2, window: method === "tokens" ? 1 : 2 },
    whole: matrix(1, 4, Float32Array.of(1, 1, 0, 0)),
    parts: matrix(
      method === "tokens" ? 4 : 1,
      4,
      Float32Array.from(method === "tokens" ? ITEMS.slice(0, 4).flat() : [0, 1, 0, 0]),
    ),
    area: { left: 0, top: 0, width: 1, height: 1 },
  };
  const encode = (inputs: readonly QueryInput[]) => {
    const texts = inputs.map((input) => ("text" in input ? input.text : ""));
    encoded.push(texts);
    const vectors = Float32Array.from(texts.flatMap(vectorOf));
    return { vectors, rows: texts.length, cols: 4, elapsedMs: 1 };
  };
  const explaining = new Explaining({
    searcher: fakeSearcher(asked),
    encoding: {
      encodeQuery: async (_project, _modality, inputs) => encode(inputs),
      encodeBy: async (_choice, _modality, inputs) => encode(inputs),
      pictureParts: async (_project, picture) => {
        pictures.push("digest" in picture ? picture.digest : "blob");
        return parts;
      },
    },
  });
  return { explaining, asked, encoded, pictures };
}

const words = (text: string, weight = 1) =>
  ({ kind: "input", modality: "text", weight, input: { text } }) as const;
const found = (change: Partial<Found> = {}): Found => ({
  runId: "r1",
  terms: [words("red apple on tree")],
  target: "image",
  item: 0,
  digest: "a",
  ...change,
});
const project = sampleProject();

it("maps a query to the scores of the patches, beside random queries", async () => {
  const { explaining, asked } = setup();
  const map = await explaining.where(project, found());
  expect([...map.values]).toEqual([4, 3, 4, 5]);
  expect(map).toMatchObject({ rows: 2, cols: 2, method: "tokens", score: 2, step: 7 });
  expect(map.check.controls).toBe(4);
  expect(asked[0]?.controls).toMatchObject({ as: "queries", modality: "text", count: 8 });
});

it("maps by occlusion what the score loses under each window", async () => {
  const { explaining } = setup("occlusion");
  const map = await explaining.where(project, found());
  expect([...map.values]).toEqual([1, 1, 1, 1]); // the only window covers all and costs “red”
  expect(map.check.isParticular).toBeNull(); // it is flat, so nothing can be compared
});

it("asks a picture for its parts once, whatever the query", async () => {
  const { explaining, pictures } = setup();
  await explaining.where(project, found());
  await explaining.where(project, found({ terms: [words("tree")] }));
  await explaining.where(project, found({ digest: "b" }));
  expect(pictures).toEqual(["a", "b"]);
});

it("looks into the picture asked with where captions are found", async () => {
  const { explaining, pictures, asked } = setup();
  const terms = [{ kind: "item", modality: "text", weight: 1, item: 2 } as const];
  const image = new Blob();
  const change = { target: "text", terms, picture: { image } } as const;
  await explaining.where(project, found(change));
  await explaining.where(project, found(change));
  await explaining.where(project, found({ ...change, picture: { image: new Blob() } }));
  expect(pictures).toEqual(["blob", "blob"]);
  expect(asked[0]?.queries).toEqual([[{ modality: "text", weight: 1, item: 2 }]]);
});

it("gives every word of the query what the score loses without it", async () => {
  const { explaining, asked } = setup();
  const drops = await explaining.words(project, found());
  expect(drops).toMatchObject({ of: "query", score: 4, total: 4 });
  const [text] = drops!.texts;
  expect(text?.words.map(({ word, drop }) => [word, drop])).toEqual([
    ["red", 3],
    ["apple", 1],
    ["on", 0],
    ["tree", 0],
  ]);
  expect(asked[0]?.controls).toMatchObject({ as: "rows", modality: "image" });
});

it("takes the caption apart where the query has no words", async () => {
  const { explaining, encoded } = setup();
  const terms = [{ kind: "item", modality: "image", weight: 1, item: 3 } as const];
  const change = { terms, target: "text", text: "red apple tree" } as const;
  const drops = await explaining.words(project, found(change));
  expect(drops).toMatchObject({ of: "caption", score: 5 });
  expect(drops!.texts[0]!.words.map(({ drop }) => drop)).toEqual([0, 4, 1]);
  expect(encoded).toEqual([["red apple tree", "apple tree", "red tree", "red apple"]]);
});

it("keeps the other terms, and drops a term whose only word is left out", async () => {
  const { explaining, asked } = setup();
  const terms = [words("red apple"), words("tree", -1)];
  const drops = await explaining.words(project, found({ terms }));
  expect(drops!.texts.map(({ words: own }) => own.map(({ drop }) => drop))).toEqual([[3, 1], [0]]);
  expect(asked[0]!.queries.map((query) => query.length)).toEqual([2, 2, 2, 1]);
});

it("has nothing to choose from in a single word", async () => {
  const { explaining, asked } = setup();
  expect(await explaining.words(project, found({ terms: [words("apple!")] }))).toBeNull();
  expect(asked).toEqual([]);
});

it("tries the first 24 words of a long text and says how many there are", async () => {
  const { explaining, asked } = setup();
  const terms = [words("red apple ".repeat(20).trim())];
  const drops = await explaining.words(project, found({ terms }));
  expect(drops).toMatchObject({ total: 40 });
  expect(drops!.texts[0]!.words).toHaveLength(24);
  expect(asked[0]!.queries).toHaveLength(25);
});
