import { expect, it } from "vitest";
import { describeEdit, MAX_EDITS, withEdit, type Edit } from "../../../src/core/domain/edit";
import { countInUse, itemsInUse } from "../../../src/core/domain/inUse";
import { samplePair } from "../../support/samples";

const exclude = (pairs: number): Edit => ({
  kind: "exclude",
  pairs: Array.from({ length: pairs }, (_, i) => i),
  reason: "r",
});

it("keeps the newest edits, oldest first", () => {
  let edits: Edit[] = [];
  for (let i = 0; i <= MAX_EDITS; i++) edits = withEdit(edits, exclude(i % 7));
  expect(edits).toHaveLength(MAX_EDITS);
  expect(edits.at(-1)).toEqual(exclude(MAX_EDITS % 7));
  expect(edits[0]).toEqual(exclude(1));
});

it("forgets old edits that name too many pairs, never the newest", () => {
  const edits = withEdit([exclude(1), exclude(150_000)], exclude(100_000));
  expect(edits).toEqual([exclude(100_000)]);
  expect(withEdit([], exclude(300_000))).toHaveLength(1);
});

it("describes an edit with its count", () => {
  expect(describeEdit(exclude(1))).toBe("Excluded 1 pair");
  expect(describeEdit(exclude(1200))).toBe("Excluded 1,200 pairs");
});

it("counts an item as in use as long as one of its pairs is", () => {
  const out = { ...samplePair(1, 1), excluded: "copy" };
  const pairs = [samplePair(0, 0), { ...samplePair(0, 1), excluded: "copy" }, out];
  expect([...itemsInUse(pairs, "image", 3)]).toEqual([1, 0, 0]);
  expect([...itemsInUse(pairs, "text", 2)]).toEqual([1, 0]);
  expect(countInUse(pairs)).toMatchObject({
    pairs: 1,
    items: { image: 1, text: 1, audio: 0, sensor: 0 },
  });
});
