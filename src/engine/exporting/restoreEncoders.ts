import { encoderById } from "../../core/catalogue/encoders";
import type { EncoderSpec } from "../../core/domain/encoder";
import { PARITY_PATH } from "../../core/domain/ownModel";
import { encodersShape } from "../../core/domain/encoderShapes";
import { AppError } from "../../core/errors";
import { decodeElements } from "../../core/formats/arrayElements";
import { NPY_HEADER_BYTES, readNpyHeader } from "../../core/formats/npy";
import { digest, fields, list, text } from "../../core/formats/shape";
import { matrix, takeRows, type Matrix } from "../../core/math/matrix";
import type { EmbeddingSink, EmbeddingStore, EncoderStore } from "../../core/ports";
import type { FileCache } from "../encoders/fileCache";
import { sha256 } from "../sha256";
import type { ProjectReader } from "./projectReader";
import { atPath } from "./projectRecords";

/** Where embeddings and encoders are shared between projects. */
export interface SharedStores {
  readonly embeddings: EmbeddingSink & EmbeddingStore;
  readonly encoders: EncoderStore;
  /** Where own models are kept; undefined where the browser has no such place. */
  readonly cache: () => FileCache | undefined;
}

/**
 * Adds the embeddings and encoders of a project file to those that are here, and can take back what
 * it added. What is here already stays as it is, whatever the file says.
 */
export class SharedRestore {
  /** What differs from where the project was saved, in words. */
  readonly notes: string[] = [];
  readonly #reader: ProjectReader;
  readonly #stores: SharedStores;
  readonly #chunks: { readonly key: string; readonly first: string }[] = [];
  readonly #encoders: string[] = [];

  constructor(reader: ProjectReader, stores: SharedStores) {
    this.#reader = reader;
    this.#stores = stores;
  }

  /**
   * Stores the vectors that are not here yet.
   *
   * @param items digests of the project's items: vectors of others are refused.
   * @throws AppError `project-file/damaged`, `storage/quota`.
   */
  async embeddings(items: ReadonlySet<string>, onFile: () => void): Promise<void> {
    const { embeddings } = this.#stores;
    const widths = new Map<string, number>();
    for (const json of this.#reader.below("embeddings").filter((path) => /\.json$/.test(path))) {
      const key = /^embeddings\/([0-9a-f]{64})\/\d+\.json$/.exec(json)?.[1];
      if (!key) throw damaged(json, "not named after embeddings");
      const path = json.replace(/\.json$/, "");
      const digests = list(digest)(await this.#reader.record(path), json);
      const vectors = await this.#vectors(`${path}.npy`, digests.length);
      const stranger = digests.find((each) => !items.has(each));
      if (stranger) throw damaged(json, `${stranger.slice(0, 12)}… is no item of the project`);
      if (new Set(digests).size !== digests.length) throw damaged(json, "an item comes twice");
      if ((widths.get(key) ?? vectors.cols) !== vectors.cols) throw damaged(json, OTHER_WIDTH);
      widths.set(key, vectors.cols);
      const present = await embeddings.encodedDigests(key);
      const missing = digests.flatMap((each, row) => (present.has(each) ? [] : [row]));
      if (missing.length > 0) await this.#put(key, digests, takeRows(vectors, missing), missing);
      onFile();
    }
  }

  /**
   * Adds the encoders that are not here yet, own models with their files.
   *
   * @throws AppError `project-file/damaged`, `storage/quota`, `storage/unavailable`.
   */
  async encoders(): Promise<void> {
    const { encoders } = this.#stores;
    const here = new Map((await encoders.list()).map((spec) => [spec.id, spec]));
    const specs = encodersShape(await this.#reader.record("encoders"), "encoders.json");
    for (const spec of specs) {
      refuseImpostor(spec);
      const known = here.get(spec.id);
      if (known) {
        if (!isSamePin(known, spec)) this.notes.push(otherPin(spec));
        continue;
      }
      this.#encoders.push(spec.id);
      if (spec.origin === "file") await this.#model(spec);
      await encoders.put(spec);
    }
  }

  /** Removes what was added, after a failure or a stop. */
  async undo(): Promise<void> {
    const { embeddings, encoders, cache } = this.#stores;
    for (const { key, first } of this.#chunks) await embeddings.dropChunks(key, [first]);
    for (const id of this.#encoders) {
      await encoders.delete(id);
      if (id.startsWith("own-")) await cache()?.deleteEncoder(id);
    }
  }

  async #vectors(path: string, rows: number): Promise<Matrix> {
    const bytes = await this.#reader.bytes(path);
    try {
      const { type, shape, offset, isFortran, littleEndian } = readNpyHeader(
        bytes.subarray(0, NPY_HEADER_BYTES),
        bytes.length,
        "npy",
      );
      const [count, cols = 0] = shape;
      if (type !== "f4" || isFortran || !littleEndian || shape.length !== 2 || count !== rows) {
        throw damaged(path, `not float32 [${rows}, width]`);
      }
      const data = decodeElements(bytes.subarray(offset, offset + rows * cols * 4), type);
      return matrix(rows, cols, data);
    } catch (thrown) {
      throw atPath(path, thrown);
    }
  }

  async #put(key: string, digests: readonly string[], chunk: Matrix, rows: readonly number[]) {
    const { embeddings } = this.#stores;
    const names = rows.map((row) => digests[row] ?? "");
    const first = names[0] ?? "";
    const [other] = await embeddings.encodedDigests(key);
    // Rows of another width under one key would be read as shifted numbers.
    const width = other === undefined ? chunk.cols : (await embeddings.load(key, [other])).cols;
    if (width !== chunk.cols) throw damaged(`embeddings/${key}`, OTHER_WIDTH);
    this.#chunks.push({ key, first });
    try {
      await embeddings.putChunk(key, names, chunk);
    } catch (thrown) {
      const error = AppError.from(thrown);
      throw error.code === "data/non-finite" ? atPath(`embeddings/${key}`, error) : error;
    }
  }

  async #model(spec: EncoderSpec): Promise<void> {
    const promised = new Map(spec.files.map((file) => [file.path, file.sha256]));
    const paths = this.#reader.below(`models/${spec.id}`).filter((path) => /\.json$/.test(path));
    if (paths.length === 0) {
      this.notes.push(
        `The files of the encoder “${spec.name}” are not in the project file: add them again before you encode with it.`,
      );
      return;
    }
    const cache = this.#stores.cache();
    if (!cache) throw new AppError("storage/unavailable", `no place for “${spec.name}”`);
    const restored = new Set<string>();
    for (const json of paths) {
      const at = json.replace(/\.json$/, "");
      const { path } = modelShape(await this.#reader.record(at), json);
      const bytes = await this.#reader.bytes(`${at}.bin`);
      const isOwn = path === PARITY_PATH || promised.get(path) === (await sha256(bytes));
      if (!isOwn) throw damaged(`${at}.bin`, `not the file ${path} of ${spec.name}`);
      await cache.put(cache.address(spec, { path }), bytes);
      restored.add(path);
    }
    const lost = spec.files.find(({ path }) => !restored.has(path));
    if (lost) throw damaged(`models/${spec.id}`, `${lost.path} is missing`);
  }
}

const modelShape = fields({ encoderId: text, path: text });

const OTHER_WIDTH = "its vectors are of another width than those under the same key";

/** Entries win over the catalogue, so a file must not bring one that passes for a known encoder. */
function refuseImpostor(spec: EncoderSpec): void {
  if (isItself(spec)) return;
  throw damaged("encoders.json", `“${spec.id}” is not an encoder that can be added`);
}

function isItself({ id, origin, source, files, preprocessing }: EncoderSpec): boolean {
  if (origin === "file") return /^own-[0-9a-f]{16}$/.test(id);
  if (origin === "vectors") {
    const isBare = files.length === 0 && preprocessing === null;
    return isBare && /^vectors-(image|text)-[0-9a-f]{24}$/.test(id);
  }
  if (origin !== "hub") return false;
  try {
    const listed = encoderById(id);
    return listed.origin === "hub" && listed.source === source;
  } catch {
    return false; // the catalogue does not have it
  }
}

/** Whether two entries of one encoder name the same files. */
function isSamePin(a: EncoderSpec, b: EncoderSpec): boolean {
  const pins = (spec: EncoderSpec) =>
    [spec.revision, ...spec.files.map((file) => `${file.path} ${file.sha256}`)].join("\n");
  return pins(a) === pins(b);
}

const otherPin = ({ name }: EncoderSpec) =>
  `The encoder “${name}” is here in another version than where the project was saved: runs that were under way with it begin anew.`;

const damaged = (path: string, why: string) =>
  new AppError("project-file/damaged", `${path}: ${why}`);
