/** The two directions of retrieval, in the order every table has them. */
export const DIRECTIONS = ["imageToText", "textToImage"] as const;

/** One of the two directions of retrieval. */
export type Direction = (typeof DIRECTIONS)[number];

/** What a direction is called on screen. */
export const DIRECTION_NAMES: Readonly<Record<Direction, string>> = {
  imageToText: "Image → text",
  textToImage: "Text → image",
};
