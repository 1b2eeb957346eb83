import { AppError } from "../../../core/errors";
import { count, NUL_IN_ROW, type Fault } from "../faults";
import { fieldOf, textField } from "../jsonFields";
import type { MetadataRow } from "../metadataTable";
import { readSamples, samplesOf, type ReadSample, type Sample } from "./companions";
import type { DataFormat } from "./dataFormat";
import { splitOfFolders, withNamedSplits } from "./namedSplits";
import { survey, type Survey } from "./survey";
import { countMedia, tablesAndFiles } from "./tablesAndFiles";

const CAPTION_FIELDS = ["caption", "text", "prompt", "description", "title"];

/** A caption file beside each picture, with the same name but for the extension. */
export const captionFiles: DataFormat = {
  id: "caption-files",
  async recognise(source) {
    const found = survey(source);
    const paired = pairedSamples(found);
    if (paired.length === 0) return null;
    const share = paired.length / samplesOf(found).length;
    const pairs = count(paired.length, "caption file");
    return { score: 0.35 + 0.3 * share, summary: `Caption files: ${pairs} beside as many files` };
  },
  async read(source, { signal, report }) {
    const found = survey(source);
    const samples = pairedSamples(found);
    if (samples.length === 0) {
      const detail = "no picture or sound here has a .txt or .json of the same name beside it";
      throw new AppError("import/unrecognised", detail);
    }
    const read = await readSamples(samples, { signal, report });
    const rows: MetadataRow[] = [];
    const broken: { where: string; fault: Fault }[] = [];
    for (const one of read) {
      const where = (one.sample.text ?? one.sample.json)?.path ?? one.sample.stem;
      const captions = captionsOf(one);
      const fault = one.fault ?? (captions.some((text) => text.includes("\0")) && NUL_IN_ROW);
      if (fault) broken.push({ where, fault });
      else rows.push({ where, cells: [one.sample.media[0]?.path ?? "", captions] });
    }
    const table = { path: "files", columns: ["file_name", "caption"], rows, broken };
    const split = withNamedSplits([table], (_, row) => splitOfFolders(row.where));
    const files = [...found.companions].filter(({ path }) => /\.(txt|caption|json)$/i.test(path));
    const captions = rows.reduce((sum, { cells }) => sum + (cells[1]?.length ?? 0), 0);
    const counts = `${countMedia(rows.length, found.modality)}, ${count(captions, "caption")}`;
    return tablesAndFiles({
      source,
      files,
      tables: split.tables,
      roles: { file_name: "file", caption: "caption", ...split.roles },
      warnings: warningsOf(samples, read),
      summary: `Caption files: ${counts}`,
    });
  },
};

function pairedSamples(found: Survey): Sample[] {
  return samplesOf(found).filter(({ text, json }) => text || json);
}

/** The caption file's lines; without one, what the JSON calls a caption. */
function captionsOf({ sample, captions, json }: ReadSample): readonly string[] {
  if (sample.text) return captions;
  for (const name of CAPTION_FIELDS) {
    const field = fieldOf(json, name);
    const isTexts = Array.isArray(field) && field.every((part) => typeof part === "string");
    if (isTexts) return field;
    if (textField(json, name) !== "") return [textField(json, name)];
  }
  return [];
}

function warningsOf(samples: readonly Sample[], read: readonly ReadSample[]): string[] {
  const doubled = samples.filter(({ media }) => media.length > 1);
  const lines = read.filter(({ sample, captions }) => sample.text && captions.length > 1);
  const [first] = doubled;
  const [longest] = lines;
  return [
    ...(first
      ? [
          `${count(doubled.length, "caption file")} beside several pictures, such as ` +
            `${first.media.map(({ path }) => path).join(", ")}; the first is used.`,
        ]
      : []),
    ...(longest
      ? [
          `${count(lines.length, "caption file")} with several lines, such as ` +
            `${longest.sample.text?.path}; each line is a caption.`,
        ]
      : []),
  ];
}
