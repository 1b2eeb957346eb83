import { describe, expect, it } from "vitest";
import type { AlignmentData } from "../../../src/core/domain/alignmentData";
import { checkInputs } from "../../../src/engine/align/checkInputs";
import { latentData } from "../../support/alignmentFixture";
import { sampleImage, sampleText } from "../../support/samples";

const data = () => latentData({ train: 20, validation: 5 });
const items = {
  image: Array.from({ length: 25 }, (_, i) => sampleImage(`i${i}`)),
  text: Array.from({ length: 25 }, (_, i) => sampleText(`t${i}`, `caption ${i}`)),
};
const refused = (broken: AlignmentData) => {
  try {
    checkInputs(broken, items);
  } catch (thrown) {
    return thrown;
  }
  return null;
};

describe("checkInputs", () => {
  it("lets sound data pass, with names and without", () => {
    expect(refused(data())).toBeNull();
    expect(() => checkInputs(data())).not.toThrow();
  });

  it.each([
    ["image", Number.NaN, "image 4 of 25, i3.png: NaN at dimension 3"],
    ["text", -Infinity, "text 4 of 25, metadata.csv:2: -Infinity at dimension 3"],
  ] as const)("names the item of a broken %s embedding", (side, value, detail) => {
    const broken = data();
    broken[side].data[3 * broken[side].cols + 2] = value;
    expect(refused(broken)).toMatchObject({ code: "embeddings/non-finite", detail });
  });

  it("does not mind a broken embedding that is in no pair", () => {
    const broken = data();
    const { pairs } = broken;
    broken.image.data.fill(Number.NaN, 24 * broken.image.cols);
    const whole = { ...pairs, image: pairs.image.slice(0, 24), text: pairs.text.slice(0, 24) };
    const split = pairs.split.slice(0, 24);
    expect(refused({ ...broken, pairs: { ...whole, length: 24, split } })).toBeNull();
  });

  it("refuses a side whose embeddings are all equal, whichever it is", () => {
    for (const side of ["image", "text"] as const) {
      const broken = data();
      broken[side].data.fill(0.25);
      expect(refused(broken)).toMatchObject({ code: "embeddings/constant" });
    }
  });

  it("counts training pairs, not all", () => {
    const few = latentData({ train: 9, validation: 50 });
    expect(refused(few)).toMatchObject({
      code: "data/too-few",
      detail: "9 training pairs; at least 10 are needed",
    });
    expect(refused(latentData({ train: 10 }))).toBeNull();
  });
});
