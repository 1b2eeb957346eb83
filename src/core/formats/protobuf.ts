import { utf8Of } from "./bytesText";

/** Bytes in pieces, so that weights are written as they lie in memory and never copied into nests. */
export type Pieces = readonly Uint8Array<ArrayBuffer>[];

/** Bytes in all. */
export function sizeOf(pieces: Pieces): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/** A length-delimited field: a submessage or bytes. Source: protobuf.dev, Encoding. */
export function bytesField(id: number, content: Pieces): Pieces {
  return [Uint8Array.from([...varint(id * 8 + 2), ...varint(sizeOf(content))]), ...content];
}

/** A field of text, as UTF-8. */
export function textField(id: number, content: string): Pieces {
  return bytesField(id, [Uint8Array.from(utf8Of(content))]);
}

/** A field of a whole number from 0 to 2^53. */
export function numberField(id: number, content: number): Pieces {
  return [Uint8Array.from([...varint(id * 8), ...varint(content)])];
}

/** A field of a negative or positive whole number, as `int64`. */
export function signedField(id: number, content: number): Pieces {
  if (content >= 0) return numberField(id, content);
  const bytes = varint(id * 8);
  let rest = BigInt.asUintN(64, BigInt(content));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [Uint8Array.from([...bytes, Number(rest)])];
}

function varint(content: number): number[] {
  const bytes: number[] = [];
  let rest = content;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}
