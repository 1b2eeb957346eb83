import type { Split } from "../../../core/domain/dataset";
import { basenameOf } from "../../../core/domain/pathResolver";
import { AppError } from "../../../core/errors";
import { count, NUL_IN_ROW } from "../faults";
import type { MetadataRow, MetadataTable } from "../metadataTable";
import { fieldOf, listField, textField } from "../jsonFields";
import { readJsonFiles } from "../readJson";
import type { SourceEntry } from "../sourceEntry";
import type { DataFormat } from "./dataFormat";
import { jsonFiles, type JsonFile } from "./jsonFiles";
import { noSuchImage, unsafeId } from "./layoutFaults";
import { splitOfFile, withNamedSplits } from "./namedSplits";
import { countMedia, tablesAndFiles } from "./tablesAndFiles";
import { survey } from "./survey";

/** COCO captions: `annotations[].image_id` joins `images[].id`; several files add up. */
export const coco: DataFormat = {
  id: "coco",
  async recognise(source, signal) {
    const files = await jsonFiles(source, signal);
    const captions = entriesOf(files, "coco-captions");
    if (captions.length > 0) return { score: 0.95, summary: `COCO captions: ${list(captions)}` };
    // Recognised although it cannot be used: the reason helps more than “nothing recognised”.
    const others = entriesOf(files, "coco-other");
    return others.length > 0
      ? { score: 0.15, summary: `COCO without captions: ${list(others)}` }
      : null;
  },
  async read(source, { signal, report }) {
    const files = await jsonFiles(source, signal);
    const captions = entriesOf(files, "coco-captions");
    const others = entriesOf(files, "coco-other");
    if (captions.length === 0) throw unusable(others);
    const parts: CocoPart[] = [];
    for await (const { entry, value, warnings } of readJsonFiles(captions, { signal, report })) {
      const part = cocoPart(entry, value);
      parts.push({ ...part, warnings: [...warnings, ...part.warnings] });
    }
    const { tables, roles } = withNamedSplits(
      parts.map(({ table }) => table),
      ({ path }): Split | undefined => splitOfFile(basenameOf(path)),
    );
    const images = parts.reduce((sum, part) => sum + part.images, 0);
    const captioned = parts.reduce((sum, part) => sum + part.table.rows.length, 0);
    const counts = `${countMedia(images, survey(source).modality)}, ${count(captioned, "caption")}`;
    const unused = others.map(({ path }) => `${path}: boxes or outlines, not captions; not used.`);
    return tablesAndFiles({
      source,
      files: [...captions, ...others],
      tables,
      roles: { file_name: "file", caption: "caption", ...roles },
      warnings: [...unused, ...parts.flatMap((part) => part.warnings)],
      summary: `COCO captions: ${counts}`,
    });
  },
};

function unusable(others: readonly SourceEntry[]): AppError {
  if (others.length === 0) {
    return new AppError("import/unrecognised", "no JSON here has COCO’s images and annotations");
  }
  const advice = "add the captions_*.json of the same pictures";
  return new AppError("import/metadata", `${list(others)}: COCO without captions; ${advice}`);
}

interface CocoPart {
  readonly table: MetadataTable;
  /** Listed, with or without a caption. */
  readonly images: number;
  readonly warnings: readonly string[];
}

function cocoPart({ path }: SourceEntry, json: unknown): CocoPart {
  const folder = /[a-z]+\d{4}(?=\.json$)/i.exec(path)?.[0]; // captions_val2017 is about val2017/
  const names = new Map<string, string>();
  let repeated = 0;
  for (const image of listField(json, "images")) {
    const id = textField(image, "id");
    if (names.has(id)) repeated++;
    else if (id !== "") names.set(id, textField(image, "file_name"));
  }
  const rows: MetadataRow[] = [];
  const broken: { where: string; fault: ReturnType<typeof noSuchImage> }[] = [];
  const captioned = new Set<string>();
  listField(json, "annotations").forEach((annotation, i) => {
    const where = `${path}: annotation ${textField(annotation, "id") || `at ${i}`}`;
    const id = textField(annotation, "image_id");
    const name = names.get(id);
    const caption = textField(annotation, "caption");
    if (isUnsafe(fieldOf(annotation, "image_id"))) broken.push({ where, fault: unsafeId(id) });
    else if (name === undefined) broken.push({ where, fault: noSuchImage(id) });
    else if (`${name}${caption}`.includes("\0")) broken.push({ where, fault: NUL_IN_ROW });
    else {
      captioned.add(id);
      const file = folder && name !== "" && !/[/\\:]/.test(name) ? `${folder}/${name}` : name;
      rows.push({ where, cells: [file, caption] });
    }
  });
  const bare = names.size - captioned.size;
  const warnings = [
    ...(bare > 0 ? [`${path}: ${count(bare, "image")} listed without a caption.`] : []),
    ...(repeated > 0
      ? [`${path}: ${count(repeated, "image id")} listed twice; the first counts.`]
      : []),
  ];
  const table = { path, anywhere: true, columns: ["file_name", "caption"], rows, broken } as const;
  return { table, images: names.size, warnings };
}

const isUnsafe = (id: unknown) => typeof id === "number" && !Number.isSafeInteger(id);
const list = (files: readonly SourceEntry[]) => files.map(({ path }) => path).join(", ");

function entriesOf(files: readonly JsonFile[], wanted: JsonFile["kind"]): SourceEntry[] {
  const fitting = files.filter(({ kind }) => kind === wanted).map(({ entry }) => entry);
  return fitting.sort((a, b) => (a.path < b.path ? -1 : 1));
}
