import type { Item } from "../../core/domain/dataset";
import type { EmbeddingChoice, EncoderSpec } from "../../core/domain/encoder";
import type { Project } from "../../core/domain/project";
import { AppError } from "../../core/errors";
import type { EmbeddingStore, EncoderStore } from "../../core/ports";
import { encoderKey } from "../encoding/encoderKey";
import type { CheckedData } from "./checkedData";
import { scoreOffsets, type OffsetScores } from "./rowOffset";

interface OffsetDependencies {
  readonly embeddings: Pick<EmbeddingStore, "encodedDigests" | "load">;
  readonly encoders: Pick<EncoderStore, "get">;
}

/** Rows whose embeddings are read: 10,000 × 1280 fp32 are 51 MB. */
const MOST_ROWS = 10_000;

/** Share of the rows that must be encoded: gaps break the rows' order. */
const LEAST_ENCODED = 0.95;

/**
 * Looks for a constant row offset in the middle rows of a project.
 *
 * @returns the scores, or in words why there are none.
 */
export async function findRowOffset(
  data: CheckedData,
  project: Project,
  { embeddings, encoders }: OffsetDependencies,
  tick: () => Promise<void>,
): Promise<OffsetScores | { readonly missing: string }> {
  if (data.modality !== "image") return { missing: "the files are sounds" };
  const keyOf = async (choice: EmbeddingChoice) =>
    encoderKey(await specOf(encoders, choice), choice);
  const [imageKey, textKey] = [
    await keyOf(project.encoders.image),
    await keyOf(project.encoders.text),
  ];
  const [images, texts] = await Promise.all([
    embeddings.encodedDigests(imageKey),
    embeddings.encodedDigests(textKey),
  ]);
  const rows = middle(rowsInOrder(data), MOST_ROWS);
  const encoded = rows.filter(
    ({ media, text }) => images.has(media.digest) && texts.has(text.digest),
  );
  if (encoded.length < LEAST_ENCODED * rows.length) {
    return { missing: "it compares embeddings; encode both sides first" };
  }
  const scores = await scoreOffsets(
    await embeddings.load(
      imageKey,
      encoded.map(({ media }) => media.digest),
    ),
    await embeddings.load(
      textKey,
      encoded.map(({ text }) => text.digest),
    ),
    tick,
  );
  return scores ?? { missing: "there are too few rows to tell" };
}

/** Each file with the caption of its first row, in the order of the metadata. */
function rowsInOrder({ pairs, media, texts, modality }: CheckedData) {
  const seen = new Set<number>();
  return pairs.flatMap((pair): { media: Item; text: Item }[] => {
    const index = pair[modality] ?? -1;
    const [file, text] = [media[index], texts[pair.text ?? -1]];
    if (seen.has(index) || !file || !text) return [];
    seen.add(index);
    return [{ media: file, text }];
  });
}

function middle<T>(rows: readonly T[], most: number): readonly T[] {
  const start = Math.max(0, Math.floor((rows.length - most) / 2));
  return rows.slice(start, start + most);
}

async function specOf(
  encoders: Pick<EncoderStore, "get">,
  { id }: EmbeddingChoice,
): Promise<EncoderSpec> {
  const spec = await encoders.get(id);
  if (spec.files.every(({ sha256 }) => sha256 !== null)) return spec;
  throw new AppError("encoder/not-downloaded", spec.name);
}
