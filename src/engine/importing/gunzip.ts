import { AppError } from "../../core/errors";
import { GUNZIPPED_BYTES_MAX, INFLATION_FLOOR_BYTES, INFLATION_MAX } from "./limits";
import type { OpenArchiveOptions } from "./archive";

/**
 * What a gzip file holds, unpacked as a stream into a blob that the browser keeps on disk when it is
 * large. Several gzip members in one file follow one another.
 *
 * @param name of the file, for messages.
 * @throws AppError `import/archive`: damaged, cut off, a bomb, or larger than the limit.
 */
export async function gunzip(
  file: Blob,
  name: string,
  { signal, onBytes }: OpenArchiveOptions,
): Promise<Blob> {
  const most = Math.min(
    GUNZIPPED_BYTES_MAX,
    Math.max(INFLATION_FLOOR_BYTES, INFLATION_MAX * file.size),
  );
  let packed = 0;
  let unpacked = 0;
  const countPacked = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(part, controller) {
      packed += part.length;
      onBytes?.(packed);
      controller.enqueue(part);
    },
  });
  const countUnpacked = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(part, controller) {
      unpacked += part.length;
      if (unpacked > most) throw new AppError("import/archive", tooMuch(name, most));
      controller.enqueue(part);
    },
  });
  const stream = file
    .stream()
    .pipeThrough(countPacked, { signal })
    .pipeThrough(new DecompressionStream("gzip"), { signal })
    .pipeThrough(countUnpacked, { signal });
  try {
    return await new Response(stream).blob();
  } catch (thrown) {
    signal.throwIfAborted();
    // A response wraps what its stream was stopped with; the count knows the cause.
    if (unpacked > most) throw new AppError("import/archive", tooMuch(name, most));
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError("import/archive", `${name}: ${message}`, { cause: thrown });
  }
}

function tooMuch(name: string, most: number): string {
  return most === GUNZIPPED_BYTES_MAX
    ? `${name}: unpacks to more than 8 GB; unpack it and drop the tar itself, which is read in place`
    : `${name}: unpacks to more than ${INFLATION_MAX} times its size`;
}
