import { stemOf } from "../../../core/domain/mediaNames";
import { basenameOf } from "../../../core/domain/pathResolver";
import { AppError } from "../../../core/errors";
import { count, NUL_IN_ROW, type Fault } from "../faults";
import { textField } from "../jsonFields";
import type { MetadataRow } from "../metadataTable";
import type { OpenedSource } from "../openSource";
import { readParquetTable } from "../parquetTable";
import { cellReader, textOf } from "../roles";
import type { SourceEntry } from "../sourceEntry";
import { readSamples, samplesOf, type Sample } from "./companions";
import type { DataFormat } from "./dataFormat";
import { notDownloaded } from "./layoutFaults";
import { peek } from "./peek";
import { named, survey } from "./survey";
import { countMedia, tablesAndFiles } from "./tablesAndFiles";

const KEY = /^\d{6,}$/; // five digits of shard and four or more of place
const STATS = /^\d+_stats\.json$/i;
const SHARD_TABLE = /^\d{5,}\.parquet$/i;
const FOLDER = /^\d{5,}\/|\/\d{5,}\//;

/** What img2dataset writes as files: `00000/000000012.jpg`, `.txt` and `.json` per picture. */
export const img2dataset: DataFormat = {
  id: "img2dataset",
  async recognise(source, signal) {
    const samples = numbered(source);
    if (samples.length === 0) return null;
    const isSigned = named(survey(source).alone, STATS).length > 0;
    const json = samples.find((sample) => sample.json)?.json;
    const isTold = json !== undefined && /"(url|status)"\s*:/.test((await peek(json, signal)).head);
    if (!isSigned && !isTold) return null;
    return { score: 0.9, summary: `img2dataset output: ${count(samples.length, "sample")}` };
  },
  async read(source, { signal, report }) {
    const found = survey(source);
    const samples = numbered(source);
    const orphans = named(found.alone, /\.json$/i).filter((entry) => isNumbered(entry.path));
    if (samples.length + orphans.length === 0) {
      const detail = "no numbered folders of numbered pictures with .txt or .json beside them";
      throw new AppError("import/unrecognised", detail);
    }
    // A .json without a picture says why there is none.
    const failed = orphans.map((json): Sample => ({ stem: stemOf(json.path), media: [], json }));
    const lost = await failuresOf(named(found.alone, SHARD_TABLE), signal);
    const read = await readSamples([...samples, ...failed], { signal, report });
    const rows: MetadataRow[] = [];
    const broken: { where: string; fault: Fault }[] = [...lost];
    for (const { sample, captions, json, fault } of read) {
      const where = (sample.json ?? sample.text)?.path ?? sample.stem;
      const [picture] = sample.media;
      const status = textField(json, "status");
      const caption = sample.text ? captions.join(" ") : textField(json, "caption");
      if (fault) broken.push({ where, fault });
      else if (!picture || (status !== "" && status !== "success")) {
        const message = textField(json, "error_message");
        broken.push({ where, fault: notDownloaded(status || "no picture", message) });
      } else if (caption.includes("\0")) broken.push({ where, fault: NUL_IN_ROW });
      else rows.push({ where, cells: [picture.path, caption, textField(json, "url")] });
    }
    const files = metadataOf(source, orphans);
    const columns = ["file_name", "caption", "url"];
    return tablesAndFiles({
      source,
      files,
      tables: [{ path: "files", columns, rows, broken }],
      roles: { file_name: "file", caption: "caption", url: "ignore" },
      warnings: [],
      summary: `img2dataset output: ${countMedia(rows.length, found.modality)}, ${count(broken.length, "row")} to skip`,
    });
  },
};

function numbered(source: OpenedSource): Sample[] {
  return samplesOf(survey(source)).filter(({ stem, text, json }) => {
    return (text || json) && isNumbered(stem);
  });
}

const isNumbered = (path: string) => KEY.test(basenameOf(stemOf(path))) && FOLDER.test(path);

/** Rows of the shards' tables whose picture was never written: their only trace. */
async function failuresOf(files: readonly SourceEntry[], signal: AbortSignal) {
  const failures: { where: string; fault: Fault }[] = [];
  for (const entry of files) {
    const shard = await readParquetTable(entry, signal);
    const read = cellReader(shard);
    for (const row of shard.rows) {
      const status = textOf(read(row, "status"));
      if (status === "" || status === "success") continue;
      const fault = notDownloaded(status, textOf(read(row, "error_message")));
      failures.push({ where: row.where, fault });
    }
  }
  return failures;
}

/** Captions, records, the statistics and the parquet of each shard. */
function metadataOf(source: OpenedSource, orphans: readonly SourceEntry[]): SourceEntry[] {
  const { companions, alone } = survey(source);
  const beside = companions.filter(({ path }) => isNumbered(path));
  return [...beside, ...orphans, ...named(alone, STATS), ...named(alone, SHARD_TABLE)];
}
