import { parseManifest, type ProjectManifest } from "../../core/domain/projectFile";
import { AppError } from "../../core/errors";
import type { ArchiveMember } from "../importing/archive";
import { listZip } from "../importing/zipEntries";
import { WindowReader } from "../importing/windowReader";
import { sha256 } from "../sha256";
import { atPath, recordOf } from "./projectRecords";

/** A project of a million pictures has about as many files. */
const FILES_MAX = 1_200_000;

/** What is saved here is stored as it is; zipped again by other programs it shrinks about tenfold. */
const INFLATION_MAX = 50;

/** Below this an extreme ratio is harmless. */
const INFLATION_FLOOR_BYTES = 64 * 2 ** 20;

/** Files that operating systems add when a folder is zipped again. */
const JUNK = /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._[^/]*$)/;

/** A project file whose list of contents has been checked; each file is checked when it is read. */
export class ProjectReader {
  readonly manifest: ProjectManifest;
  readonly #members: ReadonlyMap<string, ArchiveMember>;
  readonly #digests: ReadonlyMap<string, string>;
  readonly #signal: AbortSignal;

  private constructor(
    manifest: ProjectManifest,
    members: ReadonlyMap<string, ArchiveMember>,
    signal: AbortSignal,
  ) {
    this.manifest = manifest;
    this.#members = members;
    this.#digests = new Map(manifest.files.map(({ path, sha256: digest }) => [path, digest]));
    this.#signal = signal;
  }

  /**
   * Opens a project file and holds its contents against its manifest.
   *
   * @throws AppError `project-file/unrecognised`, `project-file/newer`, or `project-file/damaged`,
   *   which names the file inside.
   */
  static async open(file: Blob, signal: AbortSignal): Promise<ProjectReader> {
    const members = await membersOf(file, signal);
    const own = members.get("manifest.json");
    if (!own) throw new AppError("project-file/unrecognised", "it has no manifest.json");
    const json = await own.read(signal).catch((thrown: unknown) => {
      throw atPath("manifest.json", thrown);
    });
    const manifest = parseManifest(manifestValue(json));
    checkContents(manifest, members, file.size);
    return new ProjectReader(manifest, members, signal);
  }

  has(path: string): boolean {
    return this.#digests.has(path);
  }

  /** Paths below a folder, in the order they were written. */
  below(folder: string): string[] {
    const prefix = `${folder}/`;
    return [...this.#digests.keys()].filter((path) => path.startsWith(prefix));
  }

  /** SHA-256 the manifest promises of a file. */
  digest(path: string): string {
    return this.#digests.get(path) ?? missing(path);
  }

  /** @throws AppError `project-file/damaged` when the bytes are not those that were saved. */
  async bytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
    this.#signal.throwIfAborted();
    const promised = this.digest(path);
    const member = this.#members.get(path) ?? missing(path);
    const bytes = await member.read(this.#signal).catch((thrown: unknown) => {
      this.#signal.throwIfAborted();
      throw atPath(path, thrown);
    });
    if ((await sha256(bytes)) === promised) return bytes;
    throw new AppError("project-file/damaged", `${path}: its SHA-256 is not that of the manifest`);
  }

  /** The record `recordFiles` wrote at `path`, of which nothing has been checked. */
  async record(path: string): Promise<unknown> {
    const arrays = `${path}.safetensors`;
    const json = await this.bytes(`${path}.json`);
    return recordOf(`${path}.json`, json, this.has(arrays) ? await this.bytes(arrays) : undefined);
  }
}

async function membersOf(file: Blob, signal: AbortSignal): Promise<Map<string, ArchiveMember>> {
  const start = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  const isZip = start[0] === 0x50 && start[1] === 0x4b; // “PK”
  if (!isZip) throw new AppError("project-file/unrecognised", "it is not a zip");
  const windows = new WindowReader();
  const archive = await listZip(file, "project file", { signal, windows, entriesMax: FILES_MAX })
    // A download that broke off has no end, where the list of contents is.
    .catch((thrown: unknown) => {
      signal.throwIfAborted();
      throw new AppError("project-file/damaged", AppError.from(thrown).detail, { cause: thrown });
    });
  const [refused] = archive.refused;
  if (refused) throw new AppError("project-file/damaged", `${refused.name}: not a file`);
  const files = archive.members.filter(({ name }) => !JUNK.test(name) && !name.endsWith("/"));
  const folder = outerFolder(files.map(({ name }) => name));
  const members = new Map<string, ArchiveMember>();
  for (const member of files) {
    const path = member.name.slice(folder.length);
    if (members.has(path)) throw new AppError("project-file/damaged", `${path}: is there twice`);
    members.set(path, member);
  }
  return members;
}

/** Browsers that unpack what they download leave a folder, which people zip again as one. */
function outerFolder(names: readonly string[]): string {
  const folder = /^[^/]+\//.exec(names[0] ?? "")?.[0] ?? "";
  return folder !== "" && names.every((name) => name.startsWith(folder)) ? folder : "";
}

function manifestValue(json: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json));
  } catch (cause) {
    throw new AppError("project-file/damaged", "manifest.json: not JSON", { cause });
  }
}

/** Whatever a file turns out to hold: nothing is there twice, missing, too much or of another size. */
function checkContents(
  { files }: ProjectManifest,
  members: ReadonlyMap<string, ArchiveMember>,
  archiveBytes: number,
): void {
  const listed = new Set(["manifest.json"]);
  let total = 0;
  for (const { path, sizeBytes } of files) {
    if (listed.has(path)) throw new AppError("project-file/damaged", `${path}: is listed twice`);
    listed.add(path);
    const member = members.get(path) ?? missing(path);
    if (member.sizeBytes !== sizeBytes) {
      const sizes = `${member.sizeBytes} bytes instead of ${sizeBytes}`;
      throw new AppError("project-file/damaged", `${path}: ${sizes}`);
    }
    total += sizeBytes;
  }
  for (const path of members.keys()) {
    if (listed.has(path)) continue;
    throw new AppError("project-file/damaged", `${path}: is not in its manifest`);
  }
  if (total > Math.max(INFLATION_FLOOR_BYTES, INFLATION_MAX * archiveBytes)) {
    const detail = `unpacks to more than ${INFLATION_MAX} times its size`;
    throw new AppError("project-file/damaged", detail);
  }
}

function missing(path: string): never {
  throw new AppError("project-file/damaged", `${path}: is missing`);
}
