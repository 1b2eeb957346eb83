import { MAX_MODEL_BYTES, PARITY_PATH, type OwnModelFile } from "../../../core/domain/ownModel";
import { AppError } from "../../../core/errors";
import { readOnnxOutline, type OnnxOutline } from "../../../core/formats/onnxOutline";

/** The files of an own model, read and told apart. */
export interface OwnFiles {
  readonly model: NamedBytes;
  readonly outline: OnnxOutline;
  readonly external: NamedBytes | undefined;
  /** By file name: `tokenizer.json`, `preprocessor_config.json`, … */
  readonly settings: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  readonly ignored: readonly string[];
}

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** JSON files that are read where they are dropped too. */
const SETTINGS: ReadonlySet<string> = new Set([
  "config.json",
  "preprocessor_config.json",
  "sentence_bert_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  PARITY_PATH,
]);

/** The largest tokenizers (250,000 entries) take 17 MB. */
const MAX_SETTINGS_BYTES = 64_000_000;

/**
 * Tells dropped files apart and reads them; nothing of them runs.
 *
 * @throws AppError `encoder/unsupported` for no or several models, files too large, what is not
 *   ONNX, and weights that lie in a file which was not dropped too.
 */
export async function readOwnFiles(files: readonly OwnModelFile[]): Promise<OwnFiles> {
  const models = files.filter(({ name }) => /\.onnx$/i.test(name));
  const [file] = models;
  if (!file) return refuse("no file ends in .onnx");
  if (models.length > 1) refuse(`${models.length} files end in .onnx; drop one`);
  if (file.file.size > MAX_MODEL_BYTES) refuse(tooLarge(file.file.size));
  const model = { name: file.name, bytes: await bytesOf(file) };
  sniff(model);
  const outline = readOnnxOutline(model.bytes);
  const externalFile = findExternal(outline, files);
  if (externalFile && externalFile.file.size + file.file.size > MAX_MODEL_BYTES) {
    refuse(tooLarge(externalFile.file.size + file.file.size));
  }
  const external = externalFile && {
    name: outline.externalFiles[0] ?? externalFile.name,
    bytes: await bytesOf(externalFile),
  };
  const settings = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const each of files.filter(({ name }) => SETTINGS.has(name))) {
    if (each.file.size > MAX_SETTINGS_BYTES) refuse(`${each.name} is larger than 64 MB`);
    settings.set(each.name, await bytesOf(each));
  }
  const used = new Set<OwnModelFile | undefined>([file, externalFile]);
  const ignored = files.filter((each) => !used.has(each) && !SETTINGS.has(each.name));
  return { model, outline, external, settings, ignored: ignored.map(({ name }) => name) };
}

/**
 * A settings file as an object; undefined where it was not dropped.
 *
 * @throws AppError `encoder/unsupported` when it is not JSON.
 */
export function settingsIn(
  { settings }: Pick<OwnFiles, "settings">,
  name: string,
): Readonly<Record<string, unknown>> | undefined {
  const bytes = settings.get(name);
  if (!bytes) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (value !== null && typeof value === "object") return value as Record<string, unknown>;
    throw new TypeError("not an object");
  } catch (cause) {
    throw new AppError("encoder/unsupported", `${name}: ${String(cause)}`, { cause });
  }
}

async function bytesOf({ name, file }: OwnModelFile): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw new AppError("encoder/unsupported", `${name} cannot be read: ${String(cause)}`, {
      cause,
    });
  }
}

/** What people download by mistake gets a name, instead of a fault of protobuf. */
function sniff({ name, bytes }: NamedBytes): void {
  if (bytes.length === 0) refuse(`${name} is empty`);
  const start = new TextDecoder().decode(bytes.subarray(0, 200)).trimStart().toLowerCase();
  if (/^<(!doctype|html|\?xml|head)/.test(start)) {
    refuse(`${name} is a web page; use the hub's download button instead of “save link as”`);
  }
  if (start.startsWith("version https://git-lfs")) {
    refuse(`${name} is a git-lfs pointer of ${bytes.length} bytes; fetch the file itself`);
  }
}

function findExternal(
  { externalFiles }: OnnxOutline,
  files: readonly OwnModelFile[],
): OwnModelFile | undefined {
  const [location] = externalFiles;
  if (location === undefined) return undefined;
  if (externalFiles.length > 1) {
    refuse(`its weights lie in ${externalFiles.length} other files; save it with one`);
  }
  // A name, never a path: nothing outside what was dropped may be asked for.
  if (/[/\\]|^\.\.?$|\0/.test(location))
    refuse(`its weights lie in “${location}”, which is a path`);
  const found = files.find(({ name }) => name === location);
  return found ?? refuse(`its weights lie in ${location}: drop that file too`);
}

function tooLarge(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB are more than ${MAX_MODEL_BYTES / 1e6} MB`;
}

function refuse(why: string): never {
  throw new AppError("encoder/unsupported", why);
}
