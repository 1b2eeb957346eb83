/** More names than any paired data set we know; a central directory of 300,000 is an attack. */
export const ENTRIES_MAX = 200_000;

/** Of one unpacked file: above it, a typed array of its bytes fails on 32-bit and mobile browsers. */
export const ENTRY_BYTES_MAX = 512 * 2 ** 20;

/** Text and pictures compress up to about 100 times; a bomb 1,000 times. */
export const INFLATION_MAX = 200;

/** Below this an extreme ratio is harmless (a blank page, a short table of zeros). */
export const INFLATION_FLOOR_BYTES = 2 ** 20;

/** Parsed as one string: about 1.5 million rows of file name and caption. */
export const METADATA_BYTES_MAX = 256 * 2 ** 20;

/** A JSONL file may bring new keys on every line; a table that wide has no use here. */
export const COLUMNS_MAX = 1_000;

/** 64 megapixels decode to 256 MB of RGBA; 256 megapixels took 2 s and 1 GB for nothing. */
export const PIXELS_MAX = 64_000_000;

/** A decode that takes longer hangs; a 64-megapixel picture takes well under a second. */
export const DECODE_TIMEOUT_MS = 10_000;

/** One IndexedDB transaction: large enough to be cheap, small enough to bound memory. */
export const BATCH_BYTES = 16 * 2 ** 20;
export const BATCH_BLOBS = 256;

/** Pictures being unpacked and decoded at once: hides latency; more only costs memory. */
export const IMAGES_IN_FLIGHT = 6;

/** Issues of one kind listed one by one; the rest is counted, so that a report stays a few MB. */
export const ISSUES_PER_TOPIC = 5_000;
