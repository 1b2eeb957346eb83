import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openTokenizer, tokenBatch } from "../../../src/engine/encoders/tokenize";

// Tiny tokenizers of the families, trained and run with the Python library (make_tokenizers.py).
const FIXTURES = join(import.meta.dirname, "../../fixtures");
const json = (name: string) => JSON.parse(readFileSync(join(FIXTURES, name), "utf8")) as unknown;
const texts = (json("golden-vectors/text.json") as { text: string }[]).map(({ text }) => text);

const open = (name: string, maxTokens = 10_000) =>
  openTokenizer(
    readFileSync(join(FIXTURES, `tokenizers/${name}.tokenizer.json`)),
    readFileSync(join(FIXTURES, `tokenizers/${name}.config.json`)),
    maxTokens,
  );

// JavaScript counts U+FEFF as white space, Rust does not: @huggingface/tokenizers 0.2.0 drops it where
// words are split at white space.
const BYTE_ORDER_MARK = ["\ufeffBOM first"];

describe.each<[string, string[]]>([
  ["clip", []],
  ["roberta", []],
  ["xlm-roberta", BYTE_ORDER_MARK],
])("%s", (name, known) => {
  const ids = json(`tokenizers/${name}.ids.json`) as [whole: number[], cut: number[]][];

  it("gives the ids of the Python tokenizer on 100 strings of many scripts", () => {
    const tokenizer = open(name);
    const wrong = texts.filter(
      (text, i) => JSON.stringify(tokenizer.encode(text)) !== JSON.stringify(ids[i]![0]),
    );
    expect(wrong).toEqual(known);
    expect(ids).toHaveLength(100);
  });

  it("cuts as the Python tokenizer cuts at 16", () => {
    const tokenizer = open(name, 16);
    const wrong = texts.filter(
      (text, i) => JSON.stringify(tokenizer.encode(text)) !== JSON.stringify(ids[i]![1]),
    );
    expect(wrong).toEqual(known);
  });

  it("pads with the token its files name", () => {
    expect(open(name).padId).toBe(1);
  });
});

it("pads to a fixed length where the network was trained so", () => {
  const { length, ids, mask } = tokenBatch(open("clip", 77), ["a cat"], 77);
  expect(length).toBe(77);
  expect([...ids].slice(-70).every((id) => id === 1n)).toBe(true);
  expect(mask.reduce((sum, kept) => sum + kept, 0n)).toBe(
    BigInt(open("clip").encode("a cat").length),
  );
});

it("pads on the side the files name", () => {
  const config = JSON.stringify({ pad_token: "<pad>", padding_side: "left" });
  const tokenizer = openTokenizer(
    readFileSync(join(FIXTURES, "tokenizers/roberta.tokenizer.json")),
    new TextEncoder().encode(config),
    512,
  );
  const { ids, mask, length } = tokenBatch(tokenizer, ["", "a cat"]);
  expect([...ids.subarray(length - 2, length)]).toEqual([0n, 2n]);
  expect([...mask.subarray(0, length - 2)].every((kept) => kept === 0n)).toBe(true);
});

it("keeps a text without special tokens whole when cutting, and makes room for an empty one", () => {
  const settings = json("tokenizers/roberta.tokenizer.json") as Record<string, unknown>;
  const bare = new TextEncoder().encode(JSON.stringify({ ...settings, post_processor: null }));
  const config = readFileSync(join(FIXTURES, "tokenizers/roberta.config.json"));
  const whole = openTokenizer(bare, config, 512).encode("the cat sat on the mat");
  expect(openTokenizer(bare, config, 4).encode("the cat sat on the mat")).toEqual(
    whole.slice(0, 4),
  );
  expect(tokenBatch(openTokenizer(bare, config, 4), [""])).toMatchObject({ rows: 1, length: 1 });
});
