/** Width and height of the grey picture a difference hash is made of. */
export const HASH_WIDTH = 9;
export const HASH_HEIGHT = 8;

/**
 * 64-bit difference hash of a picture: one bit per neighbouring pair in a row, set where the left
 * one is brighter. Scaling, compression and small changes of colour leave most bits as they are.
 *
 * @param grey [HASH_HEIGHT * HASH_WIDTH] brightness, row by row.
 * @returns 16 hex digits, first row first.
 * Source: N. Krawetz, "Kind of Like That", 2013 (dHash).
 */
export function differenceHash(grey: ArrayLike<number>): string {
  let hash = "";
  for (let row = 0; row < HASH_HEIGHT; row++) {
    let bits = 0;
    for (let column = 0; column < HASH_WIDTH - 1; column++) {
      const at = row * HASH_WIDTH + column;
      bits = bits * 2 + Number((grey[at] ?? 0) > (grey[at + 1] ?? 0));
    }
    hash += bits.toString(16).padStart(2, "0");
  }
  return hash;
}

/**
 * Brightness (ITU-R BT.601 luma, 0 to 255) of RGBA pixels over white: what is transparent shall not
 * depend on the colour hidden in it.
 */
export function greyOf(rgba: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: rgba.length / 4 }, (_, i) => {
    const [red = 0, green = 0, blue = 0, alpha = 0] = [0, 1, 2, 3].map((c) => rgba[4 * i + c]);
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    return 255 + (luma - 255) * (alpha / 255);
  });
}
