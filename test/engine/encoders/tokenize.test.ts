import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openTokenizer, tokenBatch } from "../../../src/engine/encoders/tokenize";

const ROOT = join(import.meta.dirname, "../../..");
const MODEL = join(ROOT, "public/models/all-minilm-l6-v2");
const open = (maxTokens = 256) =>
  openTokenizer(
    readFileSync(join(MODEL, "tokenizer.json")),
    readFileSync(join(MODEL, "tokenizer_config.json")),
    maxTokens,
  );
const golden = JSON.parse(
  readFileSync(join(ROOT, "test/fixtures/golden-vectors/text.json"), "utf8"),
) as { text: string; ids: number[] }[];

it("gives the ids of the Python tokenizer on 100 strings of many scripts", () => {
  const tokenizer = open();
  const different = golden.filter(
    ({ text, ids }) => JSON.stringify(tokenizer.encode(text)) !== JSON.stringify(ids),
  );
  expect(different.map(({ text }) => text)).toEqual([]);
  expect(golden.length).toBe(100);
});

it("separates rare ideographs as the Python tokenizer does", () => {
  // Golden ids: Python tokenizers 0.23. The JavaScript port alone makes one word of "a𠀀b".
  expect(open().encode("a𠀀b")).toEqual([101, 1037, 100, 1038, 102]);
  expect(open().encode("𠀀𠀁")).toEqual([101, 100, 100, 102]);
  expect(open().encode("北𠀀京")).toEqual([101, 1781, 100, 1755, 102]);
});

it("cuts a long text and keeps its closing token", () => {
  const long = "word ".repeat(400);
  const ids = open(16).encode(long);
  expect(ids).toHaveLength(16);
  expect(ids[0]).toBe(101);
  expect(ids.at(-1)).toBe(102);
  expect(open(402).encode(long)).toHaveLength(402);
});

it("pads to the longest of the batch and masks the padding", () => {
  const { ids, mask, rows, length } = tokenBatch(open(), ["dna", "grinning face", ""]);
  expect([rows, length]).toEqual([3, 4]);
  expect([...ids].map(Number)).toEqual([101, 6064, 102, 0, 101, 11478, 2227, 102, 101, 102, 0, 0]);
  expect([...mask].map(Number)).toEqual([1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 0]);
});

it("names the file that is not JSON", () => {
  const config = readFileSync(join(MODEL, "tokenizer_config.json"));
  expect(() => openTokenizer(new TextEncoder().encode("<html>"), config, 256)).toThrow(
    expect.objectContaining({
      code: "encoder/failed",
      detail: expect.stringMatching(/^tokenizer\.json/),
    }),
  );
});
