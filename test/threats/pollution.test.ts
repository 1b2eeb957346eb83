import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { readSafetensorsHeader } from "../../src/core/formats/safetensors";
import { openTokenizer } from "../../src/engine/encoders/tokenize";
import { files, importFiles, inspect, png } from "../support/importing";

const POISON = `"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}`;
const poisoned = (json: string) => json.replaceAll("{", `{${POISON}, `);
const bytes = (text: string) => new TextEncoder().encode(text);

afterEach(() => {
  expect("polluted" in {}).toBe(false);
});

describe("pollutes nothing, whatever file it comes in", () => {
  it("COCO captions", async () => {
    const coco = poisoned(
      `{"images": [{"id": 1, "file_name": "a.png"}], "annotations": [{"id": 1, "image_id": 1, "caption": "a"}]}`,
    );
    const source = files({ "captions.json": coco, "a.png": png(1) });
    expect((await inspect(source)).format).toBe("coco");
    expect((await importFiles(source)).report).toMatchObject({ used: 1, skipped: 0 });
  });

  it("a JSON list", async () => {
    const list = poisoned(`[{"file_name": "a.png", "text": "a"}]`);
    const { report } = await importFiles(files({ "data.json": list, "a.png": png(1) }));
    expect(report).toMatchObject({ used: 1, skipped: 0 });
  });

  it("the header of safetensors", () => {
    const json = `{${POISON}}`;
    const size = { headerBytes: json.length, sizeBytes: 8 + json.length, name: "a.safetensors" };
    expect(() => readSafetensorsHeader(json, size)).toThrow(/a\.safetensors/);
  });

  it("a tokenizer", () => {
    const read = (name: string) =>
      bytes(poisoned(readFileSync(`public/models/all-minilm-l6-v2/${name}`, "utf8")));
    try {
      openTokenizer(read("tokenizer.json"), read("tokenizer_config.json"), 16).encode("a cat");
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(Error); // refusing it is as good as ignoring it
    }
  });
});
