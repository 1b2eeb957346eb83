import { describe, expect, it } from "vitest";
import { matrix, row } from "../../../src/core/math/matrix";
import type { Split } from "../../../src/core/domain/dataset";
import { joinDataOf, type AnchorRows, type LinkedRows } from "../../../src/engine/hub/joinData";
import { joinSettings, joinTraining } from "../../../src/engine/hub/trainJoin";

const code = (expected: string) => expect.objectContaining({ code: expected }) as Error;

/** `count` items, each with a caption of its own; the last two are held out. */
function linked(count: number, width: number, first = 0): LinkedRows {
  return {
    rows: matrix(
      count,
      width,
      Float32Array.from({ length: count * width }, (_, i) => (i * 7) % 11),
    ),
    captions: Array.from({ length: count }, (_, i) => [`c${first + i}`]),
    splits: Array.from({ length: count }, (_, i): Split =>
      i < count - 2 ? "train" : "validation",
    ),
  };
}
const anchor = (rows: LinkedRows, memberId = "text"): AnchorRows => ({
  ...{ ...rows, memberId, name: memberId },
});

describe("joinDataOf", () => {
  it("stacks the anchors one after another, each with its own pairs and components", () => {
    const joining = linked(20, 3);
    const [a, b] = [linked(20, 2), linked(15, 2, 5)];
    const { data, turns, pairs, splits } = joinDataOf(joining, [anchor(a), anchor(b, "image")]);
    expect(pairs).toEqual([20, 15]);
    expect(turns.map(({ text }) => text)).toEqual([a.rows, b.rows]);
    expect(data.text.rows).toBe(35);
    expect(row(data.text, 20)).toEqual(row(b.rows, 0));
    expect([...data.pairs.text]).toEqual(Array.from({ length: 35 }, (_, i) => i));
    expect([...data.pairs.image.slice(20)]).toEqual(Array.from({ length: 15 }, (_, i) => i + 5));
    expect(new Set(data.pairs.component).size).toBe(35);
    // What one end holds out or trains on decides for the pair: the stronger split.
    expect(splits).toEqual({ train: 18 + 13, validation: 2 + 2, test: 0 });
  });

  it("is the anchor's own data where there is one", () => {
    const joined = joinDataOf(linked(20, 3), [anchor(linked(20, 2))]);
    expect(joined.data).toBe(joined.turns[0]);
  });

  it("names an embedding that is no number", () => {
    const broken = linked(20, 3);
    broken.rows.data[7] = NaN;
    const join = () => joinDataOf(broken, [anchor(linked(20, 2))]);
    expect(join).toThrow(code("embeddings/non-finite"));
    expect(join).toThrow("3 of 20: NaN at dimension 2");
  });

  it("refuses sides that are all equal", () => {
    const flat = linked(20, 3);
    flat.rows.data.fill(1);
    expect(() => joinDataOf(flat, [anchor(linked(20, 2))])).toThrow(code("embeddings/constant"));
    expect(() => joinDataOf(linked(20, 2), [anchor(flat)])).toThrow(code("embeddings/constant"));
  });

  it("refuses an anchor that nothing ties to the items, naming it", () => {
    const elsewhere = anchor(linked(20, 2, 100), "image");
    const join = () => joinDataOf(linked(20, 3), [anchor(linked(20, 2)), elsewhere]);
    expect(join).toThrow(code("hub/nothing-linked"));
    expect(join).toThrow("image");
  });
});

describe("joinTraining", () => {
  it("mixes pairs below 2,000 and takes as many steps for each anchor", () => {
    const one = joinDataOf(linked(20, 3), [anchor(linked(20, 2))]);
    const two = joinDataOf(linked(20, 3), [anchor(linked(20, 2)), anchor(linked(20, 2), "image")]);
    expect(joinTraining(one, joinSettings(one, 0))).toMatchObject({
      fuseMix: true,
      steps: 200,
      dimension: 2,
    });
    expect(joinTraining(two, joinSettings(two, 0))).toMatchObject({ fuseMix: true, steps: 400 });
    const many = joinDataOf(linked(2_002, 3), [anchor(linked(2_002, 2))]);
    expect(joinTraining(many, joinSettings(many, 0)).fuseMix).toBe(false);
    expect(joinSettings(many, 0).method).toBe("freeze-align");
    expect(joinSettings(one, 0)).toMatchObject({ method: "linear", dropout: "auto" });
    const wide = joinDataOf(linked(20, 9), [anchor(linked(20, 2))]);
    expect(joinSettings(wide, 0)).toMatchObject({ method: "linear", dropout: 0.5 });
  });
});
