import type { ColumnMapping, ColumnRole } from "./dataset";
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
  ...["img_path", "filepath", "file_path", "path", "file"],
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
const LOOKS_LIKE_PICTURE = /\.(png|jpe?g|webp|gif|bmp|avif)$/i;
const LOOKS_LIKE_NUMBER = /^[+-]?\d+([.,]\d+)?$/;

/**
 * A role for every column, guessed from its name and values; the user confirms or changes it.
 *
 * At most one column each becomes file, group and split. A split column must hold nothing but names
 * of splits. `label` and `category` are captions only where nothing better is. Remaining text
 * columns with few values (at most 200, and at most half of the rows) are labels.
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
  const captions = profiles.filter(({ column }) => isCaptionName(column));
  for (const profile of captions) give(profile, "caption");
  if (captions.length === 0) give(firstNamed(profiles, SPARE_CAPTION_NAMES), "caption");
  for (const profile of profiles) give(profile, isLabel(profile, rows) ? "label" : "ignore");
  return profiles.map(({ column }) => ({ column, role: roles.get(column) ?? "ignore" }));
}

function fileColumn(profiles: readonly ColumnProfile[]): ColumnProfile | undefined {
  return (
    firstNamed(profiles, FILE_NAMES, ({ values }) => !values.every(isPlainNumber)) ??
    profiles.find(({ column }) => keyOf(column).endsWith("_file_name")) ??
    profiles.find(({ values }) => values.length > 0 && values.every(looksLikePicture)) ??
    // A table without rows still shows what its columns are for.
    firstNamed(profiles, FILE_NAMES)
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

function isLabel({ column, distinct, values }: ColumnProfile, rows: number): boolean {
  if (IGNORED_NAMES.has(keyOf(column))) return false;
  if (SPARE_CAPTION_NAMES.includes(keyOf(column)) && distinct >= 2) return distinct <= rows / 2;
  const few = distinct >= 2 && distinct <= Math.min(PROFILE_VALUES, rows / 2);
  return few && !values.every(isPlainNumber);
}

const keyOf = (column: string) => column.trim().toLowerCase().replaceAll(" ", "_");
const isPlainNumber = (value: string) => LOOKS_LIKE_NUMBER.test(value.trim());
const looksLikePicture = (value: string) => LOOKS_LIKE_PICTURE.test(value.trim());
