import type { EmbeddingExport, TakeAwayListing } from "../../../core/domain/takeAway";

/** What embeddings add to a folder, in bytes; Parquet names the item of every row beside its numbers. */
export function embeddingBytes(
  { embeddings: { image, text } }: TakeAwayListing,
  choice: EmbeddingExport,
): number {
  const numbers = (image ? image.rows * image.width : 0) + (text ? text.rows * text.width : 0);
  return { none: 0, f16: 2, f32: 4, parquet: 4 }[choice] * numbers;
}
