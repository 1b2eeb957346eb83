import { packTar } from "modern-tar";

type Content = string | Uint8Array<ArrayBuffer>;

/** A tar of files by another writer than our reader (modern-tar), in order; names may repeat. */
export async function tar(
  files: readonly (readonly [name: string, content: Content])[],
): Promise<Uint8Array<ArrayBuffer>> {
  const packed = await packTar(
    files.map(([name, content]) => {
      const body = typeof content === "string" ? new TextEncoder().encode(content) : content;
      return { header: { name, size: body.length, type: "file" as const }, body };
    }),
  );
  return new Uint8Array(packed);
}

/** Gzipped by the platform. */
export async function gzip(content: Content): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([content]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export interface HeaderFields {
  name?: string;
  rawName?: Uint8Array;
  size?: number;
  /** Instead of `size`, as it stands. */
  sizeField?: Uint8Array;
  flag?: string;
  prefix?: string;
  magic?: string;
}

/** One header block with a right checksum, for what no writer writes. */
export function tarHeader(fields: HeaderFields): Uint8Array<ArrayBuffer> {
  const { name = "a", size = 0, flag = "0", prefix = "", magic = "ustar\u000000" } = fields;
  const block = new Uint8Array(512);
  const text = new TextEncoder();
  block.set(fields.rawName ?? text.encode(name), 0);
  block.set(text.encode("0000644\0"), 100);
  if (fields.sizeField) block.set(fields.sizeField, 124);
  else if (size < 8 ** 11) block.set(text.encode(`${size.toString(8).padStart(11, "0")} `), 124);
  else {
    block[124] = 0x80;
    for (let i = 0; i < 8; i++) block[135 - i] = Math.floor(size / 256 ** i) % 256;
  }
  block.set(text.encode(flag), 156);
  block.set(text.encode(magic), 257);
  block.set(text.encode(prefix), 345);
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.set(text.encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  return block;
}

/** Blocks one after the other, contents padded; no closing zeros unless given. */
export function blocks(...parts: readonly Content[]): Uint8Array<ArrayBuffer> {
  const padded = parts.map((part) => {
    const bytes = typeof part === "string" ? new TextEncoder().encode(part) : part;
    const whole = new Uint8Array(Math.ceil(bytes.length / 512) * 512);
    whole.set(bytes);
    return whole;
  });
  const all = new Uint8Array(padded.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of padded) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
