/** More names than any paired data set we know; a central directory of 300,000 is an attack. */
export const ENTRIES_MAX = 200_000;

/** Of one unpacked file: above it, a typed array of its bytes fails on 32-bit and mobile browsers. */
export const ENTRY_BYTES_MAX = 512 * 2 ** 20;

/** Of one .gz once unpacked: it is kept on disk by the browser until the import ends. */
export const GUNZIPPED_BYTES_MAX = 8 * 2 ** 30;

/** Of a pax record or a long name inside a tar; real ones are a few hundred bytes. */
export const TAR_RECORD_BYTES_MAX = 2 ** 20;

/** Captions lie between pictures: kept while a tar is listed, they need no second pass over it. */
export const SMALL_TEXT_BYTES = 4096;
export const SMALL_TEXTS_BYTES_MAX = 64 * 2 ** 20;

/** A stored zip member this large is worth a look at its own header, so that it can be sliced. */
export const SLICED_BYTES_MIN = 2 ** 20;

/** One read of an archive's members in order: 250 reads for 2 GB. */
export const WINDOW_BYTES = 8 * 2 ** 20;

/** Ranges this close to each other count as in order; further apart, a window reads for nothing. */
export const WINDOW_GAP_BYTES = 256 * 2 ** 10;

/** Windows held at once: files in flight straddle two, metadata and pictures may lie apart. */
export const WINDOWS_HELD = 3;

/** Text and pictures compress up to about 100 times; a bomb 1,000 times. */
export const INFLATION_MAX = 200;

/** Below this an extreme ratio is harmless (a blank page, a short table of zeros). */
export const INFLATION_FLOOR_BYTES = 2 ** 20;

/** Parsed as one string: about 1.5 million rows of file name and caption. */
export const METADATA_BYTES_MAX = 256 * 2 ** 20;

/** How much of a text file recognition looks at: enough for a header and a few records. */
export const PEEK_BYTES = 64 * 2 ** 10;

/** A packed file is unpacked whole to be looked at; 32 MB take about 0.2 s. */
export const PEEKED_WHOLE_BYTES_MAX = 32 * 2 ** 20;

/** A caption file longer than this is no caption. */
export const CAPTION_FILE_BYTES_MAX = 2 ** 20;

/** Small files being read at once: hides latency. */
export const TEXTS_IN_FLIGHT = 16;

/** Of a Parquet file; as many as text metadata of 256 MB holds. */
export const PARQUET_ROWS_MAX = 2_000_000;

/** Of one Parquet row group unpacked, which is read as a whole. */
export const PARQUET_GROUP_BYTES_MAX = 512 * 2 ** 20;

/** Row groups up to this size are held while the next one is read already. */
export const PARQUET_GROUP_HELD_TWICE_BYTES = 64 * 2 ** 20;

/** A JSONL file may bring new keys on every line; a table that wide has no use here. */
export const COLUMNS_MAX = 1_000;

/** 64 megapixels decode to 256 MB of RGBA; 256 megapixels took 2 s and 1 GB for nothing. */
export const PIXELS_MAX = 64_000_000;

/** Longer side of a grid's picture: 96 CSS pixels on a screen of two per pixel. */
export const THUMBNAIL_PIXELS = 192;

/** Up to this many pictures are decoded at import unless the user says otherwise: about 3 minutes. */
export const THUMBNAILS_AUTO_MAX = 20_000;

/** Of one recording over all channels: 20 minutes of stereo at 48 kHz, 460 MB once decoded. */
export const AUDIO_SAMPLES_MAX = 20 * 60 * 48_000 * 2;

/** A decode that takes longer hangs; a 64-megapixel picture takes well under a second. */
export const DECODE_TIMEOUT_MS = 10_000;

/** One IndexedDB transaction: large enough to be cheap, small enough to bound memory. */
export const BATCH_BYTES = 16 * 2 ** 20;
export const BATCH_BLOBS = 256;

/** Files being unpacked and decoded at once: hides latency; more only costs memory. */
export const FILES_IN_FLIGHT = 6;

/** Issues of one kind listed one by one; the rest is counted, so that a report stays a few MB. */
export const ISSUES_PER_TOPIC = 5_000;
