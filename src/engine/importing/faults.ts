import type { MediaModality } from "../../core/domain/modality";
import type { PathFault } from "../../core/domain/pathResolver";
import { PIXELS_MAX } from "./limits";

/** Why a row, a file or a caption is not used, or used with a doubt. Reviewed as prose. */
export interface Fault {
  /** Same topic, same cause: what a report counts by. */
  readonly topic: string;
  readonly reason: string;
  readonly remedy: string;
}

/** What a file of a modality is called in a report. */
const NOUNS: Readonly<Record<MediaModality, string>> = {
  image: "picture",
  audio: "recording",
  sensor: "window",
};

const NUMBER = new Intl.NumberFormat("en");

const PATH_FAULTS: Readonly<Record<PathFault, Fault>> = {
  empty: fault("no file name", "file name is empty", "Fill in the file name of this row."),
  remote: fault(
    "remote address",
    "remote address, not downloaded",
    "Download the file, add it to the folder and name it here.",
  ),
  absolute: fault(
    "absolute path",
    "the path starts at the root of a computer",
    "Write the path relative to the metadata file.",
  ),
  escapes: fault(
    "path leaves the import",
    "the path leaves the import with “..”",
    "Move the file inside the zip or folder and correct the path.",
  ),
  nul: fault("NUL in path", "the path holds a NUL character", "Correct the path."),
};

/** Why the text in the file column is not a path inside the import. */
export const badPath = (cause: PathFault): Fault => PATH_FAULTS[cause];

export const missingFile = (path: string): Fault =>
  fault(
    "file not found",
    `file not found: ${path}`,
    "Add the file, or correct its path relative to the metadata file.",
  );

export const ambiguousFile = (path: string, candidates: number): Fault =>
  fault(
    "several files of this name",
    `file not found: ${path}; ${candidates} files elsewhere have this name`,
    "Write the whole path relative to the metadata file.",
  );

export const EMPTY_CAPTION = fault(
  "empty caption",
  "caption is empty",
  "Write a caption, or delete the row.",
);

/** Flag: some of a row's captions are usable. */
export const SOME_CAPTIONS_EMPTY = fault(
  "some captions empty",
  "one of its captions is empty; the others are used",
  "Nothing to do, or fill in the caption.",
);

export const NUL_IN_ROW = fault(
  "NUL character",
  "the row holds a NUL character",
  "Save the file again as UTF-8 text.",
);

export const raggedRow = (cells: number, columns: number): Fault =>
  fault(
    "wrong number of fields",
    `${count(cells, "field")} where the header has ${columns}`,
    "Put quotation marks around captions that hold the delimiter.",
  );

export const brokenQuotes = (message: string): Fault =>
  fault(
    "broken quotation marks",
    `broken quotation marks: ${message}`,
    "Close the quotation mark, and double those inside a caption.",
  );

export const notJson = (message: string): Fault =>
  fault("not JSON", `not valid JSON: ${message}`, "Write one JSON object per line.");

export const NOT_AN_OBJECT = fault(
  "not a JSON object",
  "not a JSON object",
  "Write one JSON object per line, such as {“file_name”: …, “text”: …}.",
);

export const SEVERAL_FILES = fault(
  "several files in one row",
  "names several files",
  "Write one row per file.",
);

export const ZERO_BYTES = fault("zero bytes", "the file has zero bytes", "Copy the file again.");

export const SVG_REFUSED = fault(
  "SVG",
  "SVG is markup, not pixels",
  "Export it as PNG and name that file.",
);

export const NOT_A_PICTURE = fault(
  "not a picture",
  "not a PNG, JPEG, WebP, GIF, BMP or AVIF picture",
  "Convert it to PNG or JPEG.",
);

export const NOT_A_SOUND = fault(
  "not a recording",
  "not a WAV, FLAC, Ogg, MP3, MP4, AAC or WebM recording",
  "Convert it to WAV, FLAC or MP3.",
);

export const tooLong = (durationMs: number): Fault =>
  fault(
    "too long",
    `too long (${NUMBER.format(Math.round(durationMs / 60_000))} min)`,
    "Cut it into recordings of at most 20 minutes in stereo.",
  );

export const BROKEN_HEADER = fault(
  "damaged picture",
  "the picture is damaged: its header is cut off",
  "Copy or export the picture again.",
);

export const tooLarge = (width: number, height: number): Fault =>
  fault(
    "too large",
    `too large (${NUMBER.format(width)} × ${NUMBER.format(height)})`,
    `Scale it to at most ${NUMBER.format(PIXELS_MAX / 1e6)} megapixels.`,
  );

export const undecodable = (message: string): Fault =>
  fault(
    "cannot be decoded",
    `the picture cannot be decoded${message ? `: ${message}` : ""}`,
    "Open it in a picture program and export it again.",
  );

export const TOO_SLOW = fault(
  "decoding takes too long",
  "decoding takes longer than 10 s",
  "Export the picture again at a smaller size.",
);

export const unreadable = (message: string): Fault =>
  fault(
    "cannot be read",
    `the file cannot be read: ${message}`,
    "Check that the file opens on your computer, then import again.",
  );

/** Flag: the same picture and caption again; one pair is kept. */
export const repeatedPair = (row: string, media: MediaModality = "image"): Fault =>
  fault(
    "repeated pair",
    `same ${NOUNS[media]} and caption as ${row}`,
    "Nothing to do: it counts once.",
  );

/** Flag: another file has the same bytes; both are one picture. */
export const samePicture = (path: string, media: MediaModality = "image"): Fault =>
  fault(
    `same ${NOUNS[media]} twice`,
    `same ${NOUNS[media]} as ${path}`,
    "Both are kept, on one side of the split; remove one if it is a mistake.",
  );

/** Flag: two rows describe one picture differently; the first one counts. */
export const labelsDiffer = (column: string, row: string): Fault =>
  fault(
    "labels differ",
    `“${column}” differs from ${row}, which is about the same file`,
    "Give both rows the same value; the first one counts until then.",
  );

/** Flag: the split column says something we do not know. */
export const unknownSplit = (value: string): Fault =>
  value === ""
    ? fault("no split given", "no split given; used for training", "Name its split.")
    : fault(
        "unknown split",
        `unknown split “${value}”; used for training`,
        "Write train, validation or test.",
      );

export const noSplitNames = (column: string): Fault =>
  fault(
    "column without splits",
    `column “${column}” names no splits; they were drawn instead`,
    "Write train, validation or test in it, or set its role to ignore.",
  );

export const tornGroups = (groups: number, pairs: number): Fault =>
  fault(
    "groups across splits",
    `${count(groups, "group")} (${count(pairs, "pair")}) in more than one split: ` +
      "what is tested has been trained on",
    "Set the split column's role to ignore, so that splits are drawn by group.",
  );

/** Flag: windows of few captions, which every recording has. */
export const KNOWN_CAPTIONS = fault(
  "captions in every split",
  "splits go by recording, as captions alone would leave nothing held out: held-out windows have captions that were trained on",
  "Nothing to do to tell known captions apart; to test unseen captions, give each its own recordings and at least ten captions.",
);

/** A sample of a shard, by the fields it has. */
export const noFileInSample = (fields: readonly string[]): Fault =>
  fault(
    "sample without a file",
    `no picture or sound in this sample, only ${fields.join(", ")}`,
    "Members of one sample must follow one another in the shard, under one name.",
  );

/** A `.cls` beyond the last line of classnames.txt. */
export const unknownClass = (index: string, classes: number): Fault =>
  fault(
    "class out of range",
    index === "" ? "the .cls file is empty" : `class ${index} where there are ${classes}, from 0`,
    "Correct the .cls file, or add the class to classnames.txt.",
  );

export const UNPAIRED = fault(
  "unpaired",
  "no row mentions this file",
  "Add a row for it, or leave it out.",
);

export const refusedEntry = (cause: PathFault): Fault =>
  fault("refused name", `refused: ${PATH_FAULTS[cause].reason}`, "Rename it and zip again.");

/** A name that shows as another one: `gpj.exe` written backwards looks like a picture. */
export const MISLEADING_NAME = fault(
  "refused name",
  "refused: the name holds characters that reverse or hide its text",
  "Rename it and zip again.",
);

export const duplicateEntry = (name: string): Fault =>
  fault(
    "same name twice",
    `refused: ${name} is there twice`,
    "Only the first is used; rename one of them.",
  );

/** One of several archives; the others are used. */
export const unreadableArchive = (detail: string): Fault =>
  fault(
    "archive cannot be read",
    `the archive cannot be read: ${detail}`,
    "Check that it opens on your computer, or make it again; the others are used.",
  );

/** Something in a tar that is no file: a link, a device, a file with holes. */
export const notAFile = (what: string): Fault =>
  fault(`${what} in an archive`, `refused: ${what}`, "Put the file itself into the archive.");

export const cutOff = (missing: number): Fault =>
  fault(
    "cut off",
    `the archive ends ${count(missing, "byte")} before this file does`,
    "Copy or download the archive again.",
  );

export const damagedArchive = (unread: number): Fault =>
  fault(
    "damaged archive",
    `the archive is damaged here; the ${count(unread, "byte")} after it cannot be read`,
    "Copy or download the archive again; the files before this place are used.",
  );

/** `1 row`, `3,246 rows`. */
export const count = (value: number, word: string): string =>
  `${NUMBER.format(value)} ${word}${value === 1 ? "" : "s"}`;

function fault(topic: string, reason: string, remedy: string): Fault {
  return { topic, reason, remedy };
}
