/** What the first bytes of a picture say, before anything is decoded. */
export interface ImageHeader {
  readonly type:
    "image/png" | "image/jpeg" | "image/webp" | "image/gif" | "image/bmp" | "image/avif";
  /** Pixels, or null where the header is cut off or does not say. */
  readonly size: { readonly width: number; readonly height: number } | null;
}

type Size = ImageHeader["size"];

/**
 * Recognises PNG, JPEG, WebP, GIF, BMP and AVIF by their magic bytes and reads their dimensions
 * without decoding, so that a decompression bomb is refused by its own header. Total: any bytes
 * give an answer, never an exception.
 *
 * @returns undefined for anything else, SVG included.
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const { type, matches, size } of READERS) {
    if (matches(view)) return { type, size: plausible(size(view)) };
  }
  return undefined;
}

/** True when the bytes are an SVG document, which is markup and never a picture for us. */
export function isSvg(bytes: Uint8Array): boolean {
  const start = Array.from(bytes.subarray(0, 1024), (byte) => String.fromCharCode(byte)).join("");
  return (
    /^(\u00ef\u00bb\u00bf)?\s*(<\?xml|<!--|<!doctype svg|<svg)/i.test(start) && /<svg/i.test(start)
  );
}

const READERS: readonly {
  readonly type: ImageHeader["type"];
  matches(view: DataView): boolean;
  size(view: DataView): Size;
}[] = [
  { type: "image/png", matches: (view) => hasAscii(view, 1, "PNG\r\n\u001a\n"), size: pngSize },
  { type: "image/jpeg", matches: (view) => u24(view, 0) === 0xffd8ff, size: jpegSize },
  {
    type: "image/webp",
    matches: (view) => hasAscii(view, 0, "RIFF") && hasAscii(view, 8, "WEBP"),
    size: webpSize,
  },
  {
    type: "image/gif",
    matches: (view) => hasAscii(view, 0, "GIF87a") || hasAscii(view, 0, "GIF89a"),
    size: (view) =>
      has(view, 10) ? { width: view.getUint16(6, true), height: view.getUint16(8, true) } : null,
  },
  { type: "image/bmp", matches: (view) => hasAscii(view, 0, "BM"), size: bmpSize },
  {
    type: "image/avif",
    matches: (view) =>
      hasAscii(view, 4, "ftyp") && (hasAscii(view, 8, "avif") || hasAscii(view, 8, "avis")),
    size: avifSize,
  },
];

/** PNG specification §11.2.2: IHDR is the first chunk. */
function pngSize(view: DataView): Size {
  if (!has(view, 24) || !hasAscii(view, 12, "IHDR")) return null;
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** ITU T.81 §B.2.2: the first start-of-frame segment; everything before it is skipped by length. */
function jpegSize(view: DataView): Size {
  let at = 2;
  while (has(view, at + 9)) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    // 0xff is padding; markers without a length (RSTn, TEM) do not come before a frame.
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return null;
}

/** RFC 9649 §2.5-2.7: lossy (VP8), lossless (VP8L) and extended (VP8X) files. */
function webpSize(view: DataView): Size {
  if (hasAscii(view, 12, "VP8 ") && has(view, 30)) {
    return {
      width: view.getUint16(26, true) & 0x3fff,
      height: view.getUint16(28, true) & 0x3fff,
    };
  }
  if (hasAscii(view, 12, "VP8L") && has(view, 25)) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (!hasAscii(view, 12, "VP8X") || !has(view, 30)) return null;
  return { width: u24(view, 24, true) + 1, height: u24(view, 27, true) + 1 };
}

/** BITMAPCOREHEADER (12 bytes) has 16-bit sizes; later headers 32-bit, negative = top-down. */
function bmpSize(view: DataView): Size {
  if (!has(view, 26)) return null;
  if (view.getUint32(14, true) === 12) {
    return { width: view.getUint16(18, true), height: view.getUint16(20, true) };
  }
  return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
}

/** ISO/IEC 23008-12 §6.5.3: the largest `ispe` box (tiles, alpha and thumbnails have their own). */
function avifSize(view: DataView): Size {
  let largest: Size = null;
  const end = Math.min(view.byteLength, 65_536); // the meta box comes first and is small
  for (let at = 12; at + 16 <= end; at++) {
    if (view.getUint8(at) !== 0x69 || !hasAscii(view, at, "ispe")) continue;
    const size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}

function plausible(size: Size): Size {
  return size && size.width > 0 && size.height > 0 ? size : null;
}

const has = (view: DataView, length: number) => view.byteLength >= length;

function hasAscii(view: DataView, at: number, text: string): boolean {
  if (!has(view, at + text.length)) return false;
  for (let i = 0; i < text.length; i++) {
    if (view.getUint8(at + i) !== text.charCodeAt(i)) return false;
  }
  return true;
}

function u24(view: DataView, at: number, littleEndian = false): number {
  if (!has(view, at + 3)) return -1;
  const low = view.getUint8(littleEndian ? at : at + 2);
  const high = view.getUint8(littleEndian ? at + 2 : at);
  return low | (view.getUint8(at + 1) << 8) | (high << 16);
}
