import { stemOf } from "../../../core/domain/mediaNames";
import { basenameOf } from "../../../core/domain/pathResolver";
import { AppError } from "../../../core/errors";
import { count } from "../faults";
import { cellReader, textOf } from "../roles";
import type { MetadataTable } from "../metadataTable";
import { readTables } from "../readTables";
import type { DataFormat } from "./dataFormat";
import { tablesWithHeader } from "./knownTables";
import { splitOfFile, splitOfFolders, withNamedSplits } from "./namedSplits";
import { survey } from "./survey";
import { tablesAndFiles } from "./tablesAndFiles";

const HEADER = ["audiocap_id", "youtube_id", "start_time", "caption"];

/** AudioCaps ships captions only; the clips are found under the names people give them. */
export const audioCaps: DataFormat = {
  id: "audiocaps",
  async recognise(source, signal) {
    const files = await tablesWithHeader(source, HEADER, signal);
    if (files.length === 0) return null;
    return { score: 0.95, summary: `AudioCaps: ${files.map(({ path }) => path).join(", ")}` };
  },
  async read(source, { signal, report }) {
    const files = await tablesWithHeader(source, HEADER, signal);
    if (files.length === 0) {
      const detail = "no CSV here has audiocap_id, youtube_id, start_time and caption";
      throw new AppError("import/unrecognised", detail);
    }
    const read = await readTables(files, { signal, report });
    const clips = clipsByName(survey(source).media.map(({ path }) => path));
    const located = read.tables.map((table) => locate(table, clips));
    const { tables, roles } = withNamedSplits(
      located.map(({ table }) => table),
      ({ path }) => splitOfFile(basenameOf(path)) ?? splitOfFolders(path),
    );
    const wanted = located.reduce((sum, part) => sum + part.clips, 0);
    const missing = located.reduce((sum, part) => sum + part.missing, 0);
    const note = `${count(missing, "clip")} of ${wanted.toLocaleString("en")} not among the files; their rows will be skipped.`;
    return tablesAndFiles({
      source,
      files,
      tables,
      roles: {
        file_name: "file",
        caption: "caption",
        youtube_id: "group",
        audiocap_id: "ignore",
        start_time: "ignore",
        ...roles,
      },
      warnings: [...read.warnings, ...(missing > 0 ? [note] : [])],
      name: "AudioCaps",
    });
  },
};

/** `ID_30`, `ID_30.0`, `ID_30_40`, `ID_30000_40000`, with or without the Y of youtube-dl. */
const CUT_CLIP = /^Y?([\w-]{11})_(\d+(?:\.\d+)?)(?:_|$)/;

/** Files by name without extension; a name that two files have stands for the first by path. */
function clipsByName(paths: readonly string[]): ReadonlyMap<string, string> {
  const clips = new Map<string, string>();
  const add = (name: string, path: string) => {
    if (!clips.has(name)) clips.set(name, path);
  };
  for (const path of paths) {
    const stem = basenameOf(stemOf(path));
    add(stem, path);
    const [, id, start] = CUT_CLIP.exec(stem) ?? [];
    if (id === undefined) continue;
    add(`${id}_${Number(start)}`, path);
    // Nobody's clip starts after 16 minutes, and some tools write milliseconds.
    if (Number(start) >= 1000) add(`${id}_${Number(start) / 1000}`, path);
  }
  return clips;
}

function locate(table: MetadataTable, clips: ReadonlyMap<string, string>) {
  const read = cellReader(table);
  const wanted = new Set<string>();
  const missing = new Set<string>();
  const rows = table.rows.map((row) => {
    const youtubeId = textOf(read(row, "youtube_id"));
    const start = textOf(read(row, "start_time"));
    const key = `${youtubeId}@${start}`;
    wanted.add(key);
    const found = namesOf(youtubeId, start, textOf(read(row, "audiocap_id")))
      .map((name) => clips.get(name))
      .find((path) => path !== undefined);
    if (found === undefined) missing.add(key);
    return { ...row, cells: [...row.cells, found ?? youtubeId] };
  });
  return {
    // Paths from the root: the clips were looked for everywhere.
    table: { ...table, anywhere: true as const, columns: [...table.columns, "file_name"], rows },
    clips: wanted.size,
    missing: missing.size,
  };
}

/** The most exact name first: the same video may be cut twice. */
function namesOf(youtubeId: string, start: string, audiocapId: string): string[] {
  const ids = youtubeId === "" ? [] : [youtubeId, `Y${youtubeId}`];
  const seconds = start === "" ? [] : [String(Number(start))];
  return [
    ...ids.flatMap((id) => seconds.map((second) => `${id}_${second}`)),
    ...ids,
    ...(audiocapId === "" ? [] : [audiocapId]),
  ];
}
