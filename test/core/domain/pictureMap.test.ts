import { describe, expect, it } from "vitest";
import { cellsOfWindows, seenArea } from "../../../src/core/domain/pictureMap";

describe("seenArea", () => {
  it("is the whole picture when it is squashed", () => {
    expect(seenArea({ fit: "squash", size: 224 }, { width: 300, height: 100 })).toEqual({
      left: 0,
      top: 0,
      width: 1,
      height: 1,
    });
  });

  it("is the square in the middle when it is cropped", () => {
    // The shortest edge, 100, becomes 256, of which 224 are seen: 87.5 pixels.
    const area = seenArea({ fit: "crop", size: 224, resize: 256 }, { width: 200, height: 100 });
    expect(area).toEqual({ left: 0.28125, top: 0.0625, width: 0.4375, height: 0.875 });
  });

  it("reaches beyond the shorter edges when it is padded", () => {
    const area = seenArea({ fit: "pad", size: 224 }, { width: 200, height: 100 });
    expect(area).toEqual({ left: 0, top: -0.5, width: 1, height: 2 });
  });

  it("is centred whatever the fit and shape", () => {
    for (const fit of ["squash", "crop", "pad"] as const) {
      for (const picture of [
        { width: 1, height: 900 },
        { width: 640, height: 480 },
      ]) {
        const { left, top, width, height } = seenArea({ fit, size: 224, resize: 256 }, picture);
        expect(left + width / 2).toBeCloseTo(0.5, 12);
        expect(top + height / 2).toBeCloseTo(0.5, 12);
      }
    }
  });
});

describe("cellsOfWindows", () => {
  const grid = { rows: 3, cols: 3, window: 2 };

  it("gives every cell the mean of the windows over it", () => {
    const [a, b, c, d] = [1, 2, 4, 8] as const;
    const cells = [
      a,
      (a + b) / 2,
      b,
      (a + c) / 2,
      (a + b + c + d) / 4,
      (b + d) / 2,
      c,
      (c + d) / 2,
      d,
    ];
    expect([...cellsOfWindows([a, b, c, d], grid)]).toEqual(cells);
  });

  it("keeps what is the same everywhere", () => {
    expect([...cellsOfWindows([0.5, 0.5, 0.5, 0.5], grid)]).toEqual(Array(9).fill(0.5));
  });

  it("is the windows themselves when they are one cell large", () => {
    expect([...cellsOfWindows([1, 2, 3, 4], { rows: 2, cols: 2, window: 1 })]).toEqual([
      1, 2, 3, 4,
    ]);
  });
});
