import { decodeText } from "../decodeText";
import type { OpenedSource } from "../openSource";
import type { SourceEntry } from "../sourceEntry";
import { peek } from "./peek";
import { named, survey } from "./survey";

const NAME_FILE = /(class|label|word|synset|name|mapping)[^/]*\.(txt|csv|tsv)$/i;
const LINE = /^\s*"?([^\s,;"]+)"?\s*[\s,;:=]\s*(.+)$/; // `n01440764 tench, Tinca tinca`
const LINE_MAX = 1_000; // a code and a name; bounds the pattern above as well
const CODES_NAMED = 0.5; // of the classes: fewer is some other file

/** Names for classes that are codes, and the file they came from. */
export interface ClassNames {
  readonly names: ReadonlyMap<string, string>;
  readonly file?: SourceEntry;
}

/** The first file that names at least half of the classes, a code and its name per line. */
export async function classNamesFrom(
  source: OpenedSource,
  classes: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ClassNames> {
  for (const file of named(survey(source).alone, NAME_FILE)) {
    // A look is enough to refuse a file; the one that fits is read whole.
    if (!namesIn((await peek(file, signal)).head, classes).size) continue;
    const names = namesIn(decodeText(await file.read(signal)).text, classes);
    if (names.size >= classes.size * CODES_NAMED) return { names, file };
  }
  return { names: new Map() };
}

function namesIn(text: string, classes: ReadonlySet<string>): Map<string, string> {
  const names = new Map<string, string>();
  for (const line of text.split(/\r\n?|\n/)) {
    if (line.length > LINE_MAX) continue;
    const [, code = "", rest = ""] = LINE.exec(line) ?? [];
    // Synonyms follow a comma: the first name is the usual one.
    const name = rest.replace(/^"|"$/g, "").split(",")[0]?.trim() ?? "";
    if (classes.has(code) && name !== "" && !names.has(code)) names.set(code, name);
  }
  return names;
}
