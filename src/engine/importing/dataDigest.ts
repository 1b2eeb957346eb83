import type { DatasetContent } from "../../core/ports";
import { sha256 } from "../sha256";

/**
 * Identity of a project's data: SHA-256 (hex) over lines, each sorted by code unit:
 * `image <digest>` and `text <digest>` for every item, then
 * `pair <image digest> <text digest> <split>` for every pair, joined by `\n`.
 *
 * Sorting makes it independent of row and file order; paths, labels and group names do not enter.
 */
export function dataDigest({ image, text, pairs }: DatasetContent): Promise<string> {
  const lines = [
    ...image.map(({ digest }) => `image ${digest}`).sort(),
    ...text.map(({ digest }) => `text ${digest}`).sort(),
    ...pairs
      .map((pair) => `pair ${image[pair.image]!.digest} ${text[pair.text]!.digest} ${pair.split}`)
      .sort(),
  ];
  return sha256(lines.join("\n"));
}
