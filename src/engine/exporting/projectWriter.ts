import type { Item } from "../../core/domain/dataset";
import { MEDIA_MODALITIES, MODALITIES } from "../../core/domain/modality";
import {
  PROJECT_FILE_VERSION,
  PROJECT_FORMAT,
  type ManifestFile,
  type ProjectManifest,
  type SavedProject,
} from "../../core/domain/projectFile";
import type { Run } from "../../core/domain/run";
import { writeNpy } from "../../core/formats/npy";
import type {
  EmbeddingStore,
  EncoderStore,
  ProjectArchive,
  ProjectRecords,
  RunStore,
} from "../../core/ports";
import type { Progress } from "../../core/progress";
import type { FileCache } from "../encoders/fileCache";
import { sha256 } from "../sha256";
import { collectZip } from "./collectZip";
import { ownModelFiles, usedEncoders, usedKeys, type UsedKey } from "./projectEncoders";
import { recordFiles, utf8, type WholeFile } from "./projectRecords";

/** Rows of items or pairs in one JSON file: about 2 MB. */
const ROWS_PER_FILE = 8_192;

/** Of one npy file: parsed as a whole where it is read. */
const ARRAY_BYTES = 16 * 2 ** 20;

/** Small pictures in one file: a zip entry each would cost as much as they do. */
const THUMBNAIL_BYTES = 4 * 2 ** 20;

/** What saving a project reads from. */
export interface ProjectWriterDependencies {
  readonly archive: ProjectArchive;
  readonly embeddings: EmbeddingStore;
  readonly encoders: EncoderStore;
  readonly runs: Pick<RunStore, "list">;
  /** Where own models are kept; undefined where the browser has no such place. */
  readonly cache: () => FileCache | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly version: string;
}

/** How saving is stopped and watched. */
export interface ProjectFileContext {
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/**
 * A whole project as one zip that `ProjectRestorer` gives back bit for bit: records, originals,
 * embeddings, encoders beyond the catalogue, runs with all they need to go on. A run that is being
 * trained goes in as of its last checkpoint.
 *
 * @throws AppError `storage/missing`, `cancelled`.
 */
export async function saveProject(
  projectId: string,
  deps: ProjectWriterDependencies,
  context: ProjectFileContext,
): Promise<SavedProject> {
  const writer = new ProjectWriter(deps, context, await deps.archive.records(projectId));
  const savedAt = deps.now();
  const blob = await collectZip(writer.files(savedAt), new Date(savedAt));
  const day = new Date(savedAt).toISOString().slice(0, 10);
  return { name: `${slugOf(writer.name)}-project-${day}.zip`, blob, notes: writer.notes };
}

class ProjectWriter {
  readonly notes: string[] = [];
  readonly #deps: ProjectWriterDependencies;
  readonly #context: ProjectFileContext;
  readonly #records: ProjectRecords;
  #done = 0;
  #total = 0;

  constructor(
    deps: ProjectWriterDependencies,
    context: ProjectFileContext,
    records: ProjectRecords,
  ) {
    this.#deps = deps;
    this.#context = context;
    this.#records = records;
  }

  get name(): string {
    return this.#records.project.name;
  }

  /** Every file, hashed on its way, and the manifest after the last. */
  async *files(savedAt: number): AsyncGenerator<WholeFile> {
    const written: ManifestFile[] = [];
    for await (const file of this.#contents()) {
      this.#context.signal.throwIfAborted();
      const { path, bytes } = file;
      written.push({ path, sizeBytes: bytes.length, sha256: await sha256(bytes) });
      yield file;
    }
    const { id, name } = this.#records.project;
    const manifest: ProjectManifest = {
      format: PROJECT_FORMAT,
      version: PROJECT_FILE_VERSION,
      app: this.#deps.version,
      savedAt,
      project: { id, name },
      files: written,
    };
    yield { path: "manifest.json", bytes: utf8(JSON.stringify(manifest, null, 1)) };
    this.#report(this.#total);
  }

  async *#contents(): AsyncGenerator<WholeFile> {
    const { project, content, runIds, settings, hubs } = this.#records;
    const runs = await this.#deps.runs.list(project.id);
    const keys = await usedKeys(project, runs, this.#deps.encoders);
    const encoded = await this.#encodedItems(keys);
    const originals = MEDIA_MODALITIES.reduce((sum, side) => sum + content[side].length, 0);
    const rows = encoded.reduce((sum, { digests }) => sum + digests.length, 0);
    this.#total = originals + rows + runIds.length;
    this.#report(0);

    yield { path: "README.txt", bytes: utf8(README) };
    yield* recordFiles("project", project);
    for (const modality of MODALITIES) yield* parts(`items/${modality}`, content[modality]);
    yield* parts("pairs", content.pairs);
    yield* recordFiles("settings", [...settings]);
    yield* this.#encoders(runs);
    for (const runId of runIds) yield* this.#run(runId);
    for (const { hub, members } of hubs) {
      yield* recordFiles(`hubs/${hub.id}/hub`, hub);
      yield* recordFiles(
        `hubs/${hub.id}/joined`,
        members.filter(({ joined }) => joined !== null),
      );
    }
    yield* this.#originals();
    for (const each of encoded) yield* this.#embeddings(each);
  }

  async #encodedItems(keys: readonly UsedKey[]) {
    const { content } = this.#records;
    const encoded: { readonly key: string; readonly digests: readonly string[] }[] = [];
    for (const { key, modality } of keys) {
      const present = await this.#deps.embeddings.encodedDigests(key);
      const items: readonly Item[] = content[modality];
      const digests = new Set(items.map(({ digest }) => digest));
      encoded.push({ key, digests: [...digests].filter((digest) => present.has(digest)) });
    }
    return encoded.filter(({ digests }) => digests.length > 0);
  }

  /** One run as it is now, so that its record, its checkpoints and its projectors agree. */
  async *#run(runId: string): AsyncGenerator<WholeFile> {
    const state = await this.#deps.archive.runState(runId);
    this.#report(this.#done + 1);
    if (!state) return; // deleted while the file was being written
    yield* recordFiles(`runs/${runId}/run`, state.run);
    for (const [i, checkpoint] of state.checkpoints.entries()) {
      yield* recordFiles(`runs/${runId}/checkpoint-${i}`, checkpoint);
    }
    if (state.kept) yield* recordFiles(`runs/${runId}/kept`, state.kept);
    if (state.projectors) yield* recordFiles(`runs/${runId}/projectors`, state.projectors);
  }

  async *#originals(): AsyncGenerator<WholeFile> {
    const thumbnails = new ThumbnailPacks();
    for await (const { digest, bytes, type, thumbnail } of this.#deps.archive.originals(
      this.#records.project.id,
    )) {
      yield { path: `originals/${digest}.${extensionOf(type)}`, bytes };
      if (thumbnail) yield* thumbnails.add(digest, thumbnail);
      this.#report(this.#done + 1);
    }
    yield* thumbnails.end();
  }

  async *#embeddings({ key, digests }: { key: string; digests: readonly string[] }) {
    const { data, cols } = await this.#deps.embeddings.load(key, digests);
    const rows = Math.max(1, Math.floor(ARRAY_BYTES / (4 * Math.max(1, cols))));
    for (let start = 0, part = 0; start < digests.length; start += rows, part++) {
      const some = digests.slice(start, start + rows);
      const values = data.subarray(start * cols, (start + some.length) * cols);
      const path = `embeddings/${key}/${numbered(part)}`;
      yield* recordFiles(path, some);
      yield { path: `${path}.npy`, bytes: writeNpy(values, [some.length, cols]) };
      this.#report(this.#done + some.length);
    }
  }

  async *#encoders(runs: readonly Run[]): AsyncGenerator<WholeFile> {
    const specs = await usedEncoders(this.#records.project, runs, this.#deps.encoders);
    yield* recordFiles("encoders", specs);
    for (const spec of specs) {
      if (spec.origin !== "file") continue;
      const files = await ownModelFiles(spec, this.#deps.cache());
      if (!files) {
        this.notes.push(
          `The files of the encoder “${spec.name}” are not in this browser any more, so they are not in the project file either.`,
        );
        continue;
      }
      for (const [i, { path, bytes }] of files.entries()) {
        yield* recordFiles(`models/${spec.id}/${i}`, { encoderId: spec.id, path });
        yield { path: `models/${spec.id}/${i}.bin`, bytes };
      }
    }
  }

  #report(done: number): void {
    this.#done = Math.min(done, this.#total);
    const { report } = this.#context;
    report({ stage: "pack", done: this.#done, total: this.#total, unit: "items" });
  }
}

/** Small pictures one after the other, and where each lies. */
class ThumbnailPacks {
  #places: { digest: string; offset: number; sizeBytes: number }[] = [];
  #blobs: Uint8Array<ArrayBuffer>[] = [];
  #sizeBytes = 0;
  #packs = 0;

  /** @returns the files of a pack that is full now. */
  add(digest: string, thumbnail: Uint8Array<ArrayBuffer>): WholeFile[] {
    const full = this.#sizeBytes + thumbnail.length > THUMBNAIL_BYTES ? this.end() : [];
    this.#places.push({ digest, offset: this.#sizeBytes, sizeBytes: thumbnail.length });
    this.#blobs.push(thumbnail);
    this.#sizeBytes += thumbnail.length;
    return full;
  }

  end(): WholeFile[] {
    if (this.#places.length === 0) return [];
    const path = `thumbnails/${numbered(this.#packs++)}`;
    const bytes = new Uint8Array(this.#sizeBytes);
    this.#places.forEach(({ offset }, i) => bytes.set(this.#blobs[i] ?? [], offset));
    const files = [...recordFiles(path, this.#places), { path: `${path}.bin`, bytes }];
    this.#places = [];
    this.#blobs = [];
    this.#sizeBytes = 0;
    return files;
  }
}

function* parts(path: string, rows: readonly unknown[]): Generator<WholeFile> {
  for (let start = 0, part = 0; start < rows.length; start += ROWS_PER_FILE, part++) {
    yield* recordFiles(`${path}/${numbered(part)}`, rows.slice(start, start + ROWS_PER_FILE));
  }
}

const numbered = (part: number) => String(part).padStart(4, "0");

const extensionOf = (type: string) => /\/([a-z0-9]+)$/.exec(type)?.[1] ?? "bin";

/** A name every file system takes. */
function slugOf(name: string): string {
  const slug = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "") // ä is an a and its dots
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return slug.slice(0, 60) || "my";
}

const README = `A project of the Alignment Playground. Open it there with “Open a project file…”.

manifest.json    every file with its size and SHA-256
project.json     name, encoders, columns, splits, changes, saved queries
items/ pairs/    captions, pictures and sounds, and which belong together
originals/       pictures and sounds, each named after the SHA-256 of its bytes
thumbnails/      small pictures for grids
embeddings/      float32 [items, width] in .npy, and in .json whose they are (SHA-256, row by row)
runs/            recipe, results and curve of each run; weights in .safetensors
encoders.json    encoders beyond those of the page; models/ has own ONNX files
settings.json    forms and comparisons

In .json, {"$number": "NaN"} is a number JSON lacks, {"$bytes": [type, hex]} a short array, and
{"$tensor": name} an array of the .safetensors beside it.
`;
