/** Two captions of different length, to see an encoder work. */
export const PROBE_TEXTS = [
  "a red bicycle leaning against a stone wall in the afternoon sun",
  "two cats",
] as const;

const SIDE = 96;

/** Two small pictures (BMP: needs no compressor), a colour gradient and a coarse pattern. */
export function probePictures(): Blob[] {
  return [
    bitmap((x, y) => [x * 2.5, y * 2.5, 255 - x - y]),
    bitmap((x, y) => {
      const isLight = (Math.floor(x / 12) + Math.floor(y / 20)) % 2 === 0;
      return isLight ? [240, 200, 40] : [20, 40, 120 + x];
    }),
  ];
}

/** An uncompressed 24-bit bitmap file, rows bottom up, blue first (Windows BITMAPINFOHEADER). */
function bitmap(colour: (x: number, y: number) => readonly [number, number, number]): Blob {
  const header = 54;
  const bytes = new Uint8Array(header + SIDE * SIDE * 3); // 96 x 3 needs no padding to 4 bytes
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x424d); // "BM"
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, header, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, SIDE, true);
  view.setInt32(22, SIDE, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const at = header + ((SIDE - 1 - y) * SIDE + x) * 3;
      bytes.set(colour(x, y).toReversed(), at); // stored modulo 256, all the same
    }
  }
  return new Blob([bytes], { type: "image/bmp" });
}
