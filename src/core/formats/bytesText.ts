const CHUNK = 4096; // far below what a call can take as arguments

/** One character per byte (Latin-1). */
export function latin1Of(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return text;
}

/** UTF-8 text; what is no UTF-8 is read as Latin-1, so that no name is lost. */
export function textOfBytes(bytes: Uint8Array): string {
  const latin1 = latin1Of(bytes);
  if (!/[\x80-\xff]/.test(latin1)) return latin1;
  try {
    return decodeURIComponent(
      latin1.replace(/[%\x80-\xff]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, "0")}`),
    );
  } catch {
    return latin1;
  }
}

/** The UTF-8 bytes of a text; half a surrogate pair becomes U+FFFD. Core has no TextEncoder. */
export function utf8Of(text: string): number[] {
  const escaped = encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd"));
  const out: number[] = [];
  for (let i = 0; i < escaped.length; i++) {
    if (escaped[i] !== "%") {
      out.push(escaped.charCodeAt(i));
      continue;
    }
    out.push(Number.parseInt(escaped.slice(i + 1, i + 3), 16));
    i += 2;
  }
  return out;
}

/** True when the ASCII `text` stands at `at`. */
export function hasAscii(bytes: Uint8Array, at: number, text: string): boolean {
  if (at < 0 || at + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}
