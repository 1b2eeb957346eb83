import type { AlignedModality } from "../../../core/domain/modality";
import type { Fault } from "../faults";

const NOUNS = { image: "image", text: "text" } as const satisfies Record<AlignedModality, string>;

export const notFinite = (side: AlignedModality): Fault => ({
  topic: `${NOUNS[side]} vector not finite`,
  reason: `the ${NOUNS[side]} vector is missing, or holds NaN or infinity`,
  remedy: "Compute the embedding of this row again; float16 overflows above 65,504.",
});

export const allZero = (side: AlignedModality): Fault => ({
  topic: `${NOUNS[side]} vector of zeros`,
  reason: `the ${NOUNS[side]} vector is all zeros`,
  remedy: "Check whether this item was ever encoded; a vector of zeros is like nothing.",
});

export const otherVector = (side: AlignedModality, firstRow: string, cosine: number): Fault => ({
  topic: `one ${NOUNS[side]}, different vectors`,
  reason:
    `the ${NOUNS[side]} is that of ${firstRow}, its vector is not (cosine about ` +
    `${cosine.toFixed(1)}); the first is used`,
  remedy: "Check that the rows of the metadata and of the embeddings are in the same order.",
});

export const pictureUnusable = (reason: string): Fault => ({
  topic: "picture not stored",
  reason: `its picture is not stored: ${reason}`,
  remedy: "The vector is used all the same; correct the file if you want to see it.",
});
