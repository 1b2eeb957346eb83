import { isInUse, itemsInUse } from "../../core/domain/inUse";
import { MODALITIES } from "../../core/domain/modality";
import type { DatasetContent } from "../../core/ports";
import { sha256 } from "../sha256";

/**
 * Identity of a project's data: SHA-256 (hex) over lines, each sorted by code unit:
 * `image <digest>`, `text <digest>`, `audio <digest>` for every item of a pair in use, then
 * `pair <digest> <digest> <split>` for every pair that is not excluded, joined by `\n`.
 *
 * Sorting makes it independent of row and file order; paths, labels and group names do not enter.
 */
export function dataDigest(content: DatasetContent): Promise<string> {
  const sides = MODALITIES.filter((modality) => content[modality].length > 0);
  const lines = [
    ...sides.flatMap((modality) => {
      const used = itemsInUse(content.pairs, modality, content[modality].length);
      return content[modality]
        .filter((_, i) => used[i] === 1)
        .map(({ digest }) => `${modality} ${digest}`)
        .sort();
    }),
    ...content.pairs
      .filter(isInUse)
      .map((pair) => {
        const digests = sides.flatMap((side) => content[side][pair[side] ?? -1]?.digest ?? []);
        return `pair ${digests.join(" ")} ${pair.split}`;
      })
      .sort(),
  ];
  return sha256(lines.join("\n"));
}
