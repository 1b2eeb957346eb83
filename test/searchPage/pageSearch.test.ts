import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { SearchPagePart } from "../../src/core/domain/searchPage";
import { packVectors } from "../../src/core/formats/packedVectors";
import { packProjector } from "../../src/core/formats/projectorFile";
import { matrix } from "../../src/core/math/matrix";
import { base64Of, gzip } from "../../src/engine/exporting/scriptParts";
import type { RawSession } from "../../src/engine/encoders/session";
import { PageSearch } from "../../src/searchPage/pageSearch";
import { identityProjector } from "../support/samples";
import { sampleManifest } from "../support/searchPage";

const { text, run } = sampleManifest();
const WIDTH = text.spec.width;
const tokenizer = (name: string) =>
  new Uint8Array(readFileSync(`public/models/all-minilm-l6-v2/${name}`));

/** A network whose every text is `vector`, filled up with zeros. */
const networkOf = (...vector: number[]): RawSession => ({
  inputNames: ["input_ids", "attention_mask"],
  outputNames: ["sentence_embedding"],
  run: async () => {
    const data = new Float32Array(WIDTH);
    data.set(vector);
    return { sentence_embedding: { data, dims: [1, WIDTH] } };
  },
  release: async () => {},
});

interface PageOptions {
  readonly open?: () => Promise<RawSession>;
  readonly without?: SearchPagePart;
  readonly damaged?: SearchPagePart;
}

/** A page of two pictures, whose shared space is the encoder's own. */
async function pageOf({ open = async () => networkOf(1), without, damaged }: PageOptions = {}) {
  const search = new PageSearch(open);
  const gallery = matrix(2, WIDTH);
  [gallery.data[0], gallery.data[1], gallery.data[WIDTH]] = [0.6, 0.8, 1];
  const parts: Partial<Record<SearchPagePart, Uint8Array<ArrayBuffer>>> = {
    runtime: Uint8Array.of(1),
    model: Uint8Array.of(1),
    tokenizer: tokenizer("tokenizer.json"),
    "tokenizer-config": tokenizer("tokenizer_config.json"),
    projector: packProjector({
      ...identityProjector("text", WIDTH),
      kind: "identity",
      tensors: {},
    }),
    vectors: packVectors(gallery),
  };
  for (const [name, bytes] of Object.entries(parts) as [
    SearchPagePart,
    Uint8Array<ArrayBuffer>,
  ][]) {
    if (name === without) continue;
    const packed = await gzip(bytes);
    if (name === damaged) packed.fill(7, 4);
    // In two scripts, the second first: they come as the network likes.
    const half = packed.length >> 1;
    search.part({ name, index: 1, base64: base64Of(packed.subarray(half)) });
    search.part({ name, index: 0, base64: base64Of(packed.subarray(0, half)) });
  }
  return search;
}

const opening = { text, run: { ...run, dimension: WIDTH }, items: 2 };

describe("PageSearch", () => {
  it("puts scripts together whatever their order, and ranks", async () => {
    const search = await pageOf();
    await search.open(opening);
    const hits = await search.search({ text: "cat", limit: 5 });
    expect([...hits.items]).toEqual([1, 0]);
    hits.scores.forEach((score, i) => expect(score).toBeCloseTo([1, 0.6][i]!, 4));
  });

  it.each(["runtime", "model", "tokenizer", "projector", "vectors"] as const)(
    "names a part that is missing or damaged: %s",
    async (name) => {
      const missing = await pageOf({ without: name });
      await expect(missing.open(opening)).rejects.toMatchObject({
        code: "page/part",
        detail: name,
      });
      const damaged = await pageOf({ damaged: name });
      await expect(damaged.open(opening)).rejects.toMatchObject({
        code: "page/part",
        detail: `${name} is damaged`,
      });
    },
  );

  it("says so when the gallery is not of the manifest's size", async () => {
    const search = await pageOf();
    await expect(search.open({ ...opening, items: 3 })).rejects.toMatchObject({
      code: "data/shape",
    });
  });

  it("shows no ranking made of NaN", async () => {
    const search = await pageOf({ open: async () => networkOf(NaN) });
    await search.open(opening);
    await expect(search.search({ text: "cat", limit: 1 })).rejects.toMatchObject({
      code: "data/non-finite",
    });
  });

  it("tells why the network does not start", async () => {
    const search = await pageOf({ open: () => Promise.reject(new Error("no SIMD")) });
    await expect(search.open(opening)).rejects.toMatchObject({
      code: "encoder/failed",
      detail: "Error: no SIMD",
    });
  });
});
