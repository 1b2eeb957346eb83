import { isSvg, readImageHeader } from "../../core/formats/imageHeader";
import type { Examined } from "./checkMedia";
import type { DecodedImage, ImageProbe } from "./decodeImage";
import { BROKEN_HEADER, NOT_A_PICTURE, SVG_REFUSED, TOO_SLOW } from "./faults";
import { tooLarge, undecodable, type Fault } from "./faults";
import { DECODE_TIMEOUT_MS, PIXELS_MAX } from "./limits";

/**
 * A picture by its magic bytes, then its size by header, then a decode with a time-out, cheapest and
 * safest first.
 *
 * @param probe null believes the header: a picture damaged further on is found when it is encoded.
 */
export async function checkImage(
  bytes: Uint8Array<ArrayBuffer>,
  probe: ImageProbe | null,
  timeoutMs = DECODE_TIMEOUT_MS,
): Promise<Examined | { readonly fault: Fault }> {
  const header = readImageHeader(bytes);
  if (!header) return { fault: isSvg(bytes) ? SVG_REFUSED : NOT_A_PICTURE };
  const { type, size } = header;
  // AVIF may hide its size in a box we do not read; the decoder has its own limits there.
  if (!size && type !== "image/avif") return { fault: BROKEN_HEADER };
  if (size && size.width * size.height > PIXELS_MAX) {
    return { fault: tooLarge(size.width, size.height) };
  }
  if (!probe) return { type, facts: { ...size } };
  const decoded = await decode(new Blob([bytes], { type }), probe, timeoutMs);
  if ("fault" in decoded) return decoded;
  const { thumbnail, ...facts } = decoded;
  return { type, facts, ...(thumbnail && { thumbnail }) };
}

async function decode(
  blob: Blob,
  probe: ImageProbe,
  timeoutMs: number,
): Promise<DecodedImage | { fault: Fault }> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<{ fault: Fault }>((resolve) => {
    timer = setTimeout(() => resolve({ fault: TOO_SLOW }), timeoutMs);
  });
  const decoded = probe(blob).catch((thrown: unknown) => ({
    fault: undecodable(thrown instanceof Error ? thrown.message : ""),
  }));
  try {
    return await Promise.race([decoded, late]);
  } finally {
    clearTimeout(timer);
  }
}
