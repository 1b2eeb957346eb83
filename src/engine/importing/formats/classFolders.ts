import { modalityOfName } from "../../../core/domain/mediaNames";
import { folderOf } from "../../../core/domain/pathResolver";
import { AppError } from "../../../core/errors";
import { count } from "../faults";
import type { OpenedSource } from "../openSource";
import { captionOf, looksLikeCode, templateFor } from "./classCaption";
import { classNamesFrom } from "./classNames";
import type { DataFormat } from "./dataFormat";
import { splitOfFolders, withNamedSplits } from "./namedSplits";
import { countMedia, tablesAndFiles } from "./tablesAndFiles";
import { survey } from "./survey";

/** Files in folders named after what they show; the folder makes the caption. */
export const classFolders: DataFormat = {
  id: "class-folders",
  async recognise(source) {
    const { classes } = classify(source);
    // A folder of pictures and nothing else lacks metadata: the error says so better than one class.
    if (classes.size < 2) return null;
    return { score: 0.25, summary: `A folder per class: ${countClasses(classes.size)}` };
  },
  async read(source, { settings, signal }) {
    const { media, modality } = survey(source);
    const { classOf, classes, depths } = classify(source);
    if (classes.size === 0) {
      const detail = "no picture or sound lies in a folder that could be its class";
      throw new AppError("import/unrecognised", detail);
    }
    const template = templateFor(settings.classTemplate, modality);
    const { names, file } = await classNamesFrom(source, classes, signal);
    const rows = media.flatMap(({ path }) => {
      const label = classOf(path);
      if (label === undefined) return [];
      const name = names.get(label) ?? label;
      return [{ where: path, cells: [path, captionOf(template, name), name] }];
    });
    const columns = ["file_name", "caption", "class"];
    const { tables, roles } = withNamedSplits(
      [{ path: "folders", columns, rows, broken: [] }],
      (_, row) => splitOfFolders(row.where),
    );
    const uncommon = new Set(depths).size > 1;
    const warnings = [
      ...classWarnings(source, classes, names),
      ...(template.includes("{class}")
        ? []
        : ["The caption template has no {class}, so every caption is the same."]),
      ...(uncommon ? ["Folders are nested to different depths; the innermost is the class."] : []),
    ];
    return tablesAndFiles({
      source,
      files: file ? [file] : [],
      tables,
      roles: { file_name: "file", caption: "caption", class: "label", ...roles },
      warnings,
      summary: `A folder per class: ${countMedia(rows.length, modality)}, ${countClasses(classes.size)}`,
    });
  },
};

/** Which folder is the class: the innermost one, unless all innermost ones have the same name. */
function classify(source: OpenedSource) {
  const chains = new Map<string, readonly string[]>();
  const asked = new Map<string, boolean>(); // folders are few, files many
  const isSplitNamed = (name: string) => {
    const answer = asked.get(name) ?? isSplit(name);
    asked.set(name, answer);
    return answer;
  };
  for (const { path } of survey(source).media) {
    const folder = folderOf(path);
    const names = folder === "" ? [] : folder.split("/");
    chains.set(path, names.filter((name) => !isSplitNamed(name)).reverse());
  }
  const depths = [...chains.values()].map(({ length }) => length).filter((depth) => depth > 0);
  const levels = depths.reduce((least, depth) => Math.min(least, depth), Infinity);
  let level = 0;
  for (let i = 0; Number.isFinite(levels) && i < levels; i++) {
    if (new Set([...chains.values()].flatMap((chain) => chain[i] ?? [])).size > 1) {
      level = i;
      break;
    }
  }
  const classOf = (path: string) => chains.get(path)?.[level];
  const classes = new Set([...chains.keys()].flatMap((path) => classOf(path) ?? []));
  return { classOf, classes, depths };
}

const isSplit = (folder: string) => splitOfFolders(`${folder}/x`) !== undefined;
const countClasses = (value: number) => (value === 1 ? "1 class" : `${count(value, "classe")}`);

function classWarnings(
  { entries }: OpenedSource,
  classes: ReadonlySet<string>,
  names: ReadonlyMap<string, string>,
): string[] {
  const warnings: string[] = [];
  const [only] = classes;
  if (classes.size === 1) {
    warnings.push(`There is one class only, “${only}”: every caption is the same.`);
  }
  const codes = [...classes].filter((name) => !names.has(name) && looksLikeCode(name));
  if (codes.length > classes.size / 2) {
    warnings.push(
      `Class names look like codes (${codes.slice(0, 3).join(", ")}): rename the folders, or add a classes.txt with a code and its name per line.`,
    );
  }
  const filled = new Set<string>();
  const folders = new Set<string>();
  for (const { path } of entries) {
    const folder = folderOf(path);
    if (folder !== "") folders.add(folder);
    if (modalityOfName(path)) for (let at = folder; at !== ""; at = folderOf(at)) filled.add(at);
  }
  const empty = [...folders].filter((folder) => !filled.has(folder)).sort();
  if (empty.length > 0) {
    const shown = empty.slice(0, 3).join(", ");
    warnings.push(`${count(empty.length, "folder")} without a picture or sound: ${shown}.`);
  }
  return warnings;
}
