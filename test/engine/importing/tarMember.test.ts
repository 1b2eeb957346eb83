import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeptTexts } from "../../../src/engine/importing/tarMember";

const TEXT = fc.nat(400_000).map((length) => new Uint8Array(length).fill(length));

describe("KeptTexts", () => {
  it("gives every text back, empty ones and those at the borders of its chunks too", () => {
    fc.assert(
      fc.property(fc.array(TEXT, { maxLength: 12, size: "max" }), (texts) => {
        const kept = new KeptTexts();
        const places = texts.map((text) => kept.keep(text));
        texts.forEach((text, i) => {
          expect(Buffer.compare(kept.read(places[i]!, text.length), text)).toBe(0);
        });
      }),
      { numRuns: 30 },
    );
    const kept = new KeptTexts();
    const whole = new Uint8Array(2 ** 20).fill(7);
    const places = [kept.keep(whole), kept.keep(new Uint8Array()), kept.keep(whole)];
    expect(places).toEqual([0, 2 ** 20, 2 ** 20]);
    expect(kept.sizeBytes).toBe(2 ** 21);
    expect(new KeptTexts().read(0, 0)).toEqual(new Uint8Array());
  });

  it("gives copies: what a reader does to one changes no other", () => {
    const kept = new KeptTexts();
    const place = kept.keep(Uint8Array.of(1, 2, 3));
    kept.read(place, 3).fill(0);
    expect(kept.read(place, 3)).toEqual(Uint8Array.of(1, 2, 3));
  });
});
