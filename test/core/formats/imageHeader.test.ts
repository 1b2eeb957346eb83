import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSvg, readImageHeader } from "../../../src/core/formats/imageHeader";
import { png } from "../../support/importing";

const ascii = (text: string) => Array.from(text, (char) => char.charCodeAt(0));
const bytes = (...parts: (number | string)[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? ascii(part) : [part])));

const WEBP = ["RIFF", 0, 0, 0, 0, "WEBP"] as const;
const NONE = new Array<number>(8).fill(0);

describe("readImageHeader", () => {
  it.each([
    ["image/png", png(7, 300, 20), 300, 20],
    ["image/gif", bytes("GIF89a", 0x2c, 0x01, 0x14, 0x00, ...NONE), 300, 20],
    [
      "image/bmp",
      bytes("BM", ...NONE, ...[0, 0, 0, 0], 40, 0, 0, 0, 0x2c, 1, 0, 0, 0xec, 0xff, 0xff, 0xff),
      300,
      20, // stored as -20: rows from the top
    ],
    [
      "image/bmp",
      bytes("BM", ...NONE, ...[0, 0, 0, 0], 12, 0, 0, 0, 0x2c, 1, 20, 0, 1, 0, 24, 0),
      300,
      20,
    ],
    // APP0 of 4 bytes, a padding 0xff, a Huffman table (0xc4, no frame), then a progressive frame.
    [
      "image/jpeg",
      bytes(
        ...[0xff, 0xd8, 0xff, 0xe0, 0, 4, 9, 9, 0xff, 0xff, 0xc4, 0, 3, 1],
        ...[0xff, 0xc2, 0, 11, 8, 0x00, 0x14, 0x01, 0x2c, 1],
      ),
      300,
      20,
    ],
    // Upper two bits of each size are a scale, not part of it.
    [
      "image/webp",
      bytes(...WEBP, "VP8 ", ...NONE.slice(0, 7), 0x9d, 0x01, 0x2a, 0x2c, 0x41, 0x14, 0x80),
      300,
      20,
    ],
    // 14 bits each of width - 1 and height - 1.
    ["image/webp", bytes(...WEBP, "VP8L", 0, 0, 0, 0, 0x2f, 0x2b, 0xc1, 0x04, 0x00), 300, 20],
    ["image/webp", bytes(...WEBP, "VP8X", ...NONE, 0x2b, 1, 0, 19, 0, 0), 300, 20],
    [
      "image/avif",
      bytes(
        ...[0, 0, 0, 24, "ftypavif", 0, 0, 0, 0],
        ...["ispe", 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 8], // a thumbnail
        ...["ispe", 0, 0, 0, 0, 0, 0, 1, 0x2c, 0, 0, 0, 20],
      ),
      300,
      20,
    ],
  ])("reads the size of %s", (type, content, width, height) => {
    expect(readImageHeader(content)).toEqual({ type, size: { width, height } });
  });

  it("says when a header is cut off instead of inventing a size", () => {
    expect(readImageHeader(png(1).slice(0, 20))).toEqual({ type: "image/png", size: null });
    expect(readImageHeader(bytes(0xff, 0xd8, 0xff, 0xe0, 0, 4))).toEqual({
      type: "image/jpeg",
      size: null,
    });
  });

  it("answers for any bytes, and for any damage to real ones", () => {
    const starts = [png(3), bytes(0xff, 0xd8, 0xff, 0xe0), bytes(...WEBP, "VP8X"), bytes("BM")];
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 64 }), (start, rest) => {
        const size = readImageHeader(Uint8Array.from([...start.slice(0, 20), ...rest]))?.size;
        if (size) expect(Math.min(size.width, size.height)).toBeGreaterThan(0);
      }),
    );
  });

  it("knows nothing else for a picture", () => {
    for (const content of [bytes(), bytes("<svg/>"), bytes("%PDF-1.7"), bytes("II*", 0)]) {
      expect(readImageHeader(content)).toBeUndefined();
    }
  });
});

it("tells SVG from other text", () => {
  expect(isSvg(bytes('<?xml version="1.0"?>\n<!-- x --><svg xmlns="…">'))).toBe(true);
  expect(isSvg(bytes("  <svg onload=alert(1)>"))).toBe(true);
  expect(isSvg(bytes("<html><svg></svg></html>"))).toBe(false);
});
