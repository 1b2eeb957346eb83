/** Text of a file, and a warning when its encoding had to be guessed. */
export interface DecodedText {
  readonly text: string;
  readonly warning?: string;
}

/**
 * Text without byte order mark: UTF-8, UTF-16 by its mark or by its NUL bytes, else Windows-1252
 * (what spreadsheets of western Windows write), with a warning.
 */
export function decodeText(bytes: Uint8Array<ArrayBuffer>): DecodedText {
  const utf16 = utf16Of(bytes);
  if (utf16) return { text: new TextDecoder(utf16).decode(bytes) };
  try {
    // TextDecoder takes the mark of its own encoding away.
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return {
      text: new TextDecoder("windows-1252").decode(bytes),
      warning: "is not UTF-8; it was read as Windows-1252: check accents in the captions",
    };
  }
}

/** The beginning of a text file, or any part of a UTF-8 one: what a cut tears apart becomes `�`. */
export function decodeStart(bytes: Uint8Array<ArrayBuffer>): string {
  return new TextDecoder(utf16Of(bytes) ?? "utf-8").decode(bytes);
}

function utf16Of(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  // Without a mark: a header in Latin letters has a NUL in every second byte.
  const start = bytes.subarray(0, 64);
  if (start.length < 4) return undefined;
  const nulsAt = (parity: number) =>
    start.filter((byte, i) => i % 2 === parity && byte === 0).length / (start.length / 2);
  if (nulsAt(1) > 0.9 && nulsAt(0) === 0) return "utf-16le";
  return nulsAt(0) > 0.9 && nulsAt(1) === 0 ? "utf-16be" : undefined;
}
