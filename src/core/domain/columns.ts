import type { ColumnMapping, ColumnRole } from "./dataset";
import { modalityOfName } from "./mediaNames";
import { splitNamed } from "./splits";

/** What the values of a column look like; enough to guess what the column means. */
export interface ColumnProfile {
  readonly column: string;
  /** Different non-empty values. */
  readonly distinct: number;
  /** Rows with a non-empty value. */
  readonly filled: number;
  /** Up to `PROFILE_VALUES` different values, in file order. */
  readonly values: readonly string[];
}

/** A label column has at most this many classes, so this many values show whether it is one. */
export const PROFILE_VALUES = 200;

// Most telling names first: of several candidates for a single role the first listed wins.
const FILE_NAMES = [
  ...["file_name", "filename", "image_path", "image_file", "image_name", "image", "img"],
  ...["img_path", "filepath", "file_path", "path", "audio", "audio_path", "audio_file"],
  ...["file", "file_names", "picture", "photo"],
];
const CAPTION_NAMES = new Set([
  ...["text", "caption", "captions", "sentence", "sentences", "transcription", "description"],
  ...["descriptions", "comment", "title", "report", "findings", "prompt", "alt", "alt_text"],
]);
const SPARE_CAPTION_NAMES = ["label", "category", "class", "name"];
const GROUP_NAMES = [
  ...["group", "family", "patient", "patient_id", "study", "subject"],
  ...["image_id", "imgid", "video_id"],
];
const SPLIT_COLUMN_NAMES = ["split", "set", "fold", "subset"];
const IGNORED_NAMES = new Set(["keywords", "tags"]);
const FILE_NAME_ENDING = /_file_names?$/;
const REMOTE = /^[a-z][a-z0-9+.-]*:\/\//i;
const LOOKS_LIKE_NUMBER = /^[+-]?\d+([.,]\d+)?$/;

/**
 * A role for every column, guessed from its name and values; the user confirms or changes it.
 *
 * At most one column each becomes file, group and split. A split column must hold nothing but names
 * of splits. `label` and `category` are captions only where nothing better is, and without them the column
 * with the longest texts, of at least two words on average. Remaining text
 * columns with few values (at most 200, and at most half of the rows) are labels. Columns of remote
 * addresses are the file column only if nothing else is, and never a caption or a label.
 *
 * @param rows of the whole metadata.
 */
export function guessColumns(profiles: readonly ColumnProfile[], rows: number): ColumnMapping {
  const roles = new Map<string, ColumnRole>();
  const give = (profile: ColumnProfile | undefined, role: ColumnRole) => {
    if (profile && !roles.has(profile.column)) roles.set(profile.column, role);
  };
  give(fileColumn(profiles), "file");
  give(
    firstNamed(profiles, SPLIT_COLUMN_NAMES, ({ values }) => {
      return values.length > 0 && values.every((value) => splitNamed(value) !== undefined);
    }),
    "split",
  );
  give(firstNamed(profiles, GROUP_NAMES), "group");
  const captions = profiles.filter((profile) => {
    return isCaptionName(profile.column) && !isRemote(profile);
  });
  for (const profile of captions) give(profile, "caption");
  if (captions.length === 0) {
    const spare = firstNamed(profiles, SPARE_CAPTION_NAMES);
    give(spare ?? wordiest(profiles.filter(({ column }) => !roles.has(column))), "caption");
  }
  for (const profile of profiles) give(profile, isLabel(profile, rows) ? "label" : "ignore");
  return profiles.map(({ column }) => ({ column, role: roles.get(column) ?? "ignore" }));
}

/** The name a file column most likely has, going by names alone; of several the most telling. */
export function fileColumnNamed(columns: readonly string[]): string | undefined {
  const empty = columns.map((column) => ({ column, distinct: 0, filled: 0, values: [] }));
  return firstNamed(empty, FILE_NAMES)?.column ?? columns.find(endsLikeFileName);
}

/** True of names that columns of groups usually have: `family`, `patient_id`. */
export function isGroupName(column: string): boolean {
  return GROUP_NAMES.includes(keyOf(column));
}

/** True when every value is a remote address, such as `https://…`: nothing is downloaded from it. */
export function isRemote({ values }: Pick<ColumnProfile, "values">): boolean {
  return values.length > 0 && values.every((value) => REMOTE.test(value.trim()));
}

function fileColumn(profiles: readonly ColumnProfile[]): ColumnProfile | undefined {
  const local = profiles.filter((profile) => !isRemote(profile));
  return (
    firstNamed(local, FILE_NAMES, ({ values }) => !values.every(isPlainNumber)) ??
    local.find(({ column }) => endsLikeFileName(column)) ??
    local.find(({ values }) => values.length > 0 && values.every(looksLikeMedia)) ??
    // A table without rows still shows what its columns are for.
    firstNamed(profiles, FILE_NAMES) ??
    profiles.find(isRemote)
  );
}

function firstNamed(
  profiles: readonly ColumnProfile[],
  names: readonly string[],
  fits: (profile: ColumnProfile) => boolean = () => true,
): ColumnProfile | undefined {
  for (const name of names) {
    const found = profiles.find((profile) => keyOf(profile.column) === name && fits(profile));
    if (found) return found;
  }
  return undefined;
}

/** `caption`, `Caption `, `caption_2` (also what a repeated header becomes). */
function isCaptionName(column: string): boolean {
  return CAPTION_NAMES.has(keyOf(column).replace(/_?\d+$/, ""));
}

/** The column that says most, in words per value; undefined where none says more than one. */
function wordiest(profiles: readonly ColumnProfile[]): ColumnProfile | undefined {
  const wordsIn = ({ values }: ColumnProfile) =>
    values.reduce((sum, value) => sum + value.trim().split(/\s+/).length, 0) /
    Math.max(1, values.length);
  let best: ColumnProfile | undefined;
  for (const profile of profiles) {
    const isText = !isRemote(profile) && !IGNORED_NAMES.has(keyOf(profile.column));
    if (isText && wordsIn(profile) >= (best ? wordsIn(best) + Number.EPSILON : 2)) best = profile;
  }
  return best;
}

function isLabel({ column, distinct, values }: ColumnProfile, rows: number): boolean {
  if (IGNORED_NAMES.has(keyOf(column)) || isRemote({ values })) return false;
  if (SPARE_CAPTION_NAMES.includes(keyOf(column)) && distinct >= 2) return distinct <= rows / 2;
  const few = distinct >= 2 && distinct <= Math.min(PROFILE_VALUES, rows / 2);
  return few && !values.every(isPlainNumber);
}

const keyOf = (column: string) => column.trim().toLowerCase().replaceAll(" ", "_");
const isPlainNumber = (value: string) => LOOKS_LIKE_NUMBER.test(value.trim());
const looksLikeMedia = (value: string) => modalityOfName(value.trim()) !== undefined;
const endsLikeFileName = (column: string) => FILE_NAME_ENDING.test(keyOf(column));
