import type { Split } from "../../../core/domain/dataset";
import { basenameOf, folderOf } from "../../../core/domain/pathResolver";
import { AppError } from "../../../core/errors";
import { decodeText } from "../decodeText";
import { count, noFileInSample, unknownClass, type Fault } from "../faults";
import { CAPTION_FILE_BYTES_MAX, TEXTS_IN_FLIGHT } from "../limits";
import { mapInFlight } from "../mapInFlight";
import type { OpenedSource } from "../openSource";
import { RecordTable } from "../recordTable";
import type { SourceEntry } from "../sourceEntry";
import { captionOf, templateFor } from "./classCaption";
import type { DataFormat, ReadOptions } from "./dataFormat";
import { captionFileTooLarge, unreadableCompanion } from "./layoutFaults";
import { splitOfFile, splitOfFolders, withNamedSplits } from "./namedSplits";
import { mediaField, shardSamples, type ShardSample } from "./shardSamples";
import { survey } from "./survey";
import { countMedia, tablesAndFiles } from "./tablesAndFiles";

const TEXT_FIELDS = ["txt", "caption", "text", "transcript"];
const JSON_CAPTIONS = ["caption", "text", "captions", "texts", "transcription"];
const PACKAGING = /^(nshards|classnames|zeroshot_classification_templates)\.txt$/i;

/** Tar shards whose members share a name per sample, CLIP benchmark's among them. */
export const webDataset: DataFormat = {
  id: "webdataset",
  async recognise(source) {
    const samples = shardSamples(source.entries);
    const told = samples.filter(({ fields }) => {
      return [...TEXT_FIELDS, "json", "cls"].some((field) => fields.has(field));
    });
    const { modality } = survey(source);
    const whole = told.filter((sample) => mediaField(sample, modality));
    if (whole.length === 0) return null;
    const words = `${count(whole.length, "sample")} in ${count(shardsOf(samples).size, "shard")}`;
    const share = whole.length / samples.length;
    return { score: 0.7 + 0.22 * share, summary: `WebDataset: ${words}` };
  },
  async read(source, options) {
    const samples = shardSamples(source.entries);
    if (samples.length === 0) {
      throw new AppError("import/unrecognised", "no tar shard with named samples inside");
    }
    const { modality } = survey(source);
    const classes = await classNames(source, options.signal);
    const template = templateFor(options.settings.classTemplate, modality);
    const records = await readSamples(samples, { ...options, classes, template, source });
    const table = new RecordTable();
    for (const { sample, ...record } of records) {
      if ("fault" in record) table.addBroken(sample.where, record.fault);
      else table.add(sample.where, record.values);
    }
    const shards = new Map([...shardsOf(samples)].map((shard) => [shard, splitOf(shard)]));
    const splits = new Map(samples.map(({ where, archive }) => [where, shards.get(archive)]));
    const named = withNamedSplits([table.table("shards")], (_, { where }) => splits.get(where));
    const columns = named.tables.flatMap((one) => one.columns);
    const used = samples.flatMap(({ fields }) => [...fields.values()]);
    return tablesAndFiles({
      source,
      files: [...used.filter(isText), ...packagingOf(source)],
      tables: named.tables,
      roles: {
        file_name: "file",
        ...(columns.includes("caption") && { caption: "caption" }),
        ...(columns.includes("class") && { class: "label" }),
        ...named.roles,
      },
      warnings: await warningsOf(source, samples, options.signal),
      summary: `WebDataset: ${countMedia(table.records, modality)} in ${count(shardsOf(samples).size, "shard")}`,
    });
  },
};

const shardsOf = (samples: readonly ShardSample[]) => new Set(samples.map((s) => s.archive));
const isText = ({ path }: SourceEntry) => /\.(txt|caption|text|transcript|json|cls)$/i.test(path);

function splitOf(shard: string): Split | undefined {
  return splitOfFolders(shard) ?? splitOfFile(basenameOf(shard));
}

interface SampleOptions extends ReadOptions {
  readonly source: OpenedSource;
  /** Lines of classnames.txt, or null. */
  readonly classes: readonly string[] | null;
  readonly template: string;
}

type ReadRecord =
  { readonly values: Readonly<Record<string, unknown>> } | { readonly fault: Fault };

async function readSamples(samples: readonly ShardSample[], options: SampleOptions) {
  const { signal, report } = options;
  let done = 0;
  return mapInFlight(samples, TEXTS_IN_FLIGHT, async (sample) => {
    signal.throwIfAborted();
    const record = await readSample(sample, options);
    report({ stage: "read", done: ++done, total: samples.length, unit: "items" });
    return { sample, ...record };
  });
}

/** A sample's columns; what cannot be read costs this sample. */
async function readSample(sample: ShardSample, options: SampleOptions): Promise<ReadRecord> {
  const { fields } = sample;
  const media = mediaField(sample, survey(options.source).modality);
  if (!media) return { fault: noFileInSample([...fields.keys()]) };
  const parts = [...TEXT_FIELDS, "json", "cls"].flatMap((field) => fields.get(field) ?? []);
  const tooLarge = parts.find(({ sizeBytes }) => sizeBytes > CAPTION_FILE_BYTES_MAX);
  if (tooLarge) return { fault: captionFileTooLarge(tooLarge.sizeBytes) };
  try {
    return await readFields(sample, media, options);
  } catch (thrown) {
    options.signal.throwIfAborted();
    if (thrown instanceof AppError) return { fault: unreadableCompanion(thrown.detail) };
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return { fault: unreadableCompanion(`its .json is not JSON: ${thrown.message}`) };
  }
}

async function readFields(
  { fields }: ShardSample,
  media: SourceEntry,
  { signal, classes, template }: SampleOptions,
): Promise<ReadRecord> {
  const textOf = async (field: string) => {
    const entry = fields.get(field);
    return entry && decodeText(await entry.read(signal)).text;
  };
  const text = await textOf(TEXT_FIELDS.find((field) => fields.has(field)) ?? "");
  const json = await textOf("json");
  const index = (await textOf("cls"))?.trim();
  const facts = new Map(Object.entries(objectOf(json)));
  const name = index === undefined ? undefined : classOf(index, classes);
  if (index !== undefined && name === undefined) {
    return { fault: unknownClass(index, classes?.length ?? 0) };
  }
  const told = JSON_CAPTIONS.find((key) => facts.has(key));
  const lines = text?.split(/\r\n?|\n/).filter((line) => line.trim() !== "");
  const fallback = name === undefined ? "" : captionOf(template, name);
  const caption = lines ?? (told === undefined ? fallback : facts.get(told));
  if (told !== undefined) facts.delete(told); // the caption itself, or the same text again
  for (const own of ["file_name", "caption", "class"]) facts.delete(own);
  const label = name === undefined ? {} : { class: name };
  return {
    values: { file_name: media.path, caption, ...label, ...Object.fromEntries(facts) },
  };
}

function objectOf(json: string | undefined): object {
  const value: unknown = json === undefined ? {} : JSON.parse(json);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (isObject) return value;
  throw new SyntaxError("it holds no object with named fields");
}

/** The name of a class; a `.cls` that holds no number names its class itself. */
function classOf(index: string, classes: readonly string[] | null): string | undefined {
  if (!/^-?\d+$/.test(index)) return index === "" ? undefined : index;
  return classes === null ? index : classes[Number(index)];
}

async function classNames(source: OpenedSource, signal: AbortSignal): Promise<string[] | null> {
  const entry = packagingOf(source).find(({ path }) => /classnames\.txt$/i.test(path));
  if (!entry) return null;
  const { text } = decodeText(await entry.read(signal));
  return text.trimEnd().split(/\r\n?|\n/);
}

function packagingOf({ entries }: OpenedSource): SourceEntry[] {
  return entries.filter(({ path }) => PACKAGING.test(basenameOf(path)));
}

async function warningsOf(
  source: OpenedSource,
  samples: readonly ShardSample[],
  signal: AbortSignal,
): Promise<string[]> {
  const warnings: string[] = [];
  const packaging = packagingOf(source);
  for (const entry of packaging.filter(({ path }) => /nshards\.txt$/i.test(path))) {
    const stated = Number(decodeText(await entry.read(signal)).text.trim());
    const folder = folderOf(entry.path);
    const shards = [...shardsOf(samples)].filter((shard) => folderOf(shard) === folder).length;
    if (shards !== stated) {
      warnings.push(`${entry.path} speaks of ${count(stated, "shard")}; there are ${shards}.`);
    }
  }
  const hasNames = packaging.some(({ path }) => /classnames\.txt$/i.test(path));
  if (!hasNames && samples.some(({ fields }) => fields.has("cls"))) {
    warnings.push("There is no classnames.txt: classes go by what the .cls files say.");
  }
  return warnings;
}
