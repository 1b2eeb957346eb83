import { AppError } from "../../core/errors";
import { decodeText, type DecodedText } from "./decodeText";
import { METADATA_BYTES_MAX } from "./limits";
import type { SourceEntry } from "./sourceEntry";

/**
 * The text of a metadata file; the warning names the file.
 *
 * @throws AppError `import/metadata` for one too large to be parsed as a whole, `import/archive`.
 */
export async function readText(entry: SourceEntry, signal: AbortSignal): Promise<DecodedText> {
  const { path, sizeBytes } = entry;
  if (sizeBytes > METADATA_BYTES_MAX) {
    const most = `${METADATA_BYTES_MAX / 2 ** 20} MB`;
    const size = `${Math.ceil(sizeBytes / 2 ** 20).toLocaleString("en")} MB`;
    throw new AppError(
      "import/metadata",
      `${path} has ${size}, more than ${most}: divide it into several files and drop them all`,
    );
  }
  const { text, warning } = decodeText(await entry.read(signal));
  return warning ? { text, warning: `${path} ${warning}.` } : { text };
}
