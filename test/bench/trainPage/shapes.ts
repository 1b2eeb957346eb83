/** Widths of the embedded encoders' embeddings. */
export const WIDTHS = { image: 1280, text: 384 } as const;

/** Width of the shared space. */
export const DIMENSION = 512;
