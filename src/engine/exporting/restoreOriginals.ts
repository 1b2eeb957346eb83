import { MEDIA_MODALITIES, type MediaModality } from "../../core/domain/modality";
import { AppError } from "../../core/errors";
import { count, digest, fields, list } from "../../core/formats/shape";
import type { DatasetContent, DatasetStore, Original } from "../../core/ports";
import { checkImage } from "../importing/checkImage";
import { checkSound } from "../importing/checkSound";
import { BATCH_BLOBS, BATCH_BYTES } from "../importing/limits";
import type { ProjectReader } from "./projectReader";

interface RestoreOriginalsOptions {
  readonly reader: ProjectReader;
  readonly projectId: string;
  readonly content: DatasetContent;
  readonly datasets: Pick<DatasetStore, "putOriginals">;
  readonly onFile: () => void;
}

/**
 * Stores the pictures and sounds of a project file with their small pictures, in batches. Each has
 * to be what its name says and pass what an import asks of it, whoever made the file.
 *
 * @throws AppError `project-file/damaged`, `storage/quota`.
 */
export async function restoreOriginals(options: RestoreOriginalsOptions): Promise<void> {
  const { reader, projectId, content, datasets, onFile } = options;
  const media = mediaOf(content);
  const thumbnails = await Thumbnails.open(reader);
  let batch: Original[] = [];
  let sizeBytes = 0;
  for (const path of reader.below("originals")) {
    const name = /^originals\/([0-9a-f]{64})\.\w+$/.exec(path)?.[1] ?? "";
    const modality = media.get(name);
    if (!modality) throw damaged(path, "no picture or sound of the project has this name");
    if (reader.digest(path) !== name) throw damaged(path, "its name is not its SHA-256");
    const bytes = await reader.bytes(path);
    const type = await typeOf(path, bytes, modality);
    const thumbnail = await thumbnails.of(name);
    batch.push({ digest: name, blob: { bytes, type }, ...(thumbnail && { thumbnail }) });
    sizeBytes += bytes.length + (thumbnail?.size ?? 0);
    onFile();
    if (sizeBytes < BATCH_BYTES && batch.length < BATCH_BLOBS) continue;
    await datasets.putOriginals(projectId, batch);
    batch = [];
    sizeBytes = 0;
  }
  await datasets.putOriginals(projectId, batch);
}

function mediaOf(content: DatasetContent): ReadonlyMap<string, MediaModality> {
  return new Map(
    MEDIA_MODALITIES.flatMap((modality) =>
      content[modality].map((item) => [item.digest, modality] as const),
    ),
  );
}

/** MIME type by content. */
async function typeOf(path: string, bytes: Uint8Array<ArrayBuffer>, modality: MediaModality) {
  // The header is believed: it decoded where it was imported, and nothing else is at stake here.
  const checked = modality === "image" ? await checkImage(bytes, null) : checkSound(bytes);
  if ("fault" in checked) throw damaged(path, checked.fault.reason);
  return checked.type;
}

const placesShape = list(fields({ digest, offset: count, sizeBytes: count }));

/** Where in which pack a small picture lies. */
interface PackedPlace {
  readonly path: string;
  readonly offset: number;
  readonly sizeBytes: number;
}

/** The small pictures of a project file; holds one pack of them, as they come in order. */
class Thumbnails {
  readonly #reader: ProjectReader;
  readonly #places: ReadonlyMap<string, PackedPlace>;
  #pack: { readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> } | undefined;

  private constructor(reader: ProjectReader, places: ReadonlyMap<string, PackedPlace>) {
    this.#reader = reader;
    this.#places = places;
  }

  static async open(reader: ProjectReader): Promise<Thumbnails> {
    const places = new Map<string, PackedPlace>();
    for (const json of reader.below("thumbnails").filter((path) => path.endsWith(".json"))) {
      const path = json.replace(/\.json$/, "");
      const listed = placesShape(await reader.record(path), json);
      for (const { digest: name, ...span } of listed) {
        places.set(name, { path: `${path}.bin`, ...span });
      }
    }
    return new Thumbnails(reader, places);
  }

  async of(name: string): Promise<Blob | undefined> {
    const place = this.#places.get(name);
    if (!place) return undefined;
    const { path, offset, sizeBytes } = place;
    if (this.#pack?.path !== path) this.#pack = { path, bytes: await this.#reader.bytes(path) };
    const bytes = this.#pack.bytes.slice(offset, offset + sizeBytes);
    if (bytes.length !== sizeBytes) throw damaged(path, "a small picture lies outside it");
    return new Blob([bytes], { type: await typeOf(path, bytes, "image") });
  }
}

const damaged = (path: string, why: string) =>
  new AppError("project-file/damaged", `${path}: ${why}`);
