import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { PNG } from "pngjs";
import { blocks, tarHeader } from "../support/tar";

/**
 * Writes a WebDataset shard of `count` pictures with captions: valid PNG files of about `pictureBytes`
 * whose bytes and captions all differ.
 *
 * @returns bytes written.
 */
export async function writeShard(
  path: string,
  count: number,
  pictureBytes: number,
): Promise<number> {
  const base = noise(pictureBytes);
  const out = createWriteStream(path);
  const text = new TextEncoder();
  let written = 0;
  for (let i = 0; i < count; i += 256) {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for (let k = i; k < Math.min(i + 256, count); k++) {
      const key = String(k).padStart(9, "0");
      const picture = new Uint8Array(base.length + 9); // a PNG may be followed by anything
      picture.set(base);
      picture.set(text.encode(key), base.length);
      const caption = text.encode(`picture number ${k} of a synthetic shard`);
      parts.push(tarHeader({ name: `${key}.png`, size: picture.length }), picture);
      parts.push(tarHeader({ name: `${key}.txt`, size: caption.length }), caption);
    }
    const bytes = blocks(...parts);
    written += bytes.length;
    if (!out.write(bytes)) await once(out, "drain");
  }
  out.end(new Uint8Array(1024));
  await once(out, "finish");
  return written + 1024;
}

/** Noise does not compress, so three bytes a pixel give the size. */
function noise(bytes: number): Uint8Array<ArrayBuffer> {
  const side = Math.max(2, Math.round(Math.sqrt(bytes / 3)));
  const picture = new PNG({ width: side, height: side, colorType: 2 });
  let seed = 1;
  for (let i = 0; i < picture.data.length; i++) {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    picture.data[i] = i % 4 === 3 ? 255 : seed >> 16;
  }
  return new Uint8Array(PNG.sync.write(picture, { colorType: 2 }));
}
