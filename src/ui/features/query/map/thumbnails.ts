import type { DatasetStore } from "../../../../core/ports";
import type { ItemCache } from "../../../components/search/itemCache";

const KEPT = 400; // at 48 to 96 pixels about 10 MB
const AT_ONCE = 6; // reads of the database; more only queue there

/** Small pictures by image index, decoded at the size they are drawn at; the latest are kept. */
export class Thumbnails {
  readonly #source: { readonly datasets: DatasetStore; readonly items: ItemCache };
  readonly #projectId: string;
  readonly #onArrival: () => void;
  readonly #pictures = new Map<number, ImageBitmap | "waiting" | "missing">();
  #wanted: readonly number[] = [];
  #reading = 0;
  #isClosed = false;

  constructor(
    source: { readonly datasets: DatasetStore; readonly items: ItemCache },
    projectId: string,
    onArrival: () => void,
  ) {
    this.#source = source;
    this.#projectId = projectId;
    this.#onArrival = onArrival;
  }

  /** The picture, or undefined while there is none to draw. */
  get(image: number): ImageBitmap | undefined {
    const picture = this.#pictures.get(image);
    return picture instanceof ImageBitmap ? picture : undefined;
  }

  /** Reads these, and of those asked for before only what has begun. */
  want(images: readonly number[]): void {
    this.#wanted = images.filter((image) => !this.#pictures.has(image));
    this.#read();
  }

  /** Frees all pictures. */
  close(): void {
    this.#isClosed = true;
    for (const picture of this.#pictures.values())
      if (picture instanceof ImageBitmap) picture.close();
    this.#pictures.clear();
  }

  #read(): void {
    while (this.#reading < AT_ONCE && this.#wanted.length > 0 && !this.#isClosed) {
      const [image = 0, ...rest] = this.#wanted;
      this.#wanted = rest;
      this.#reading++;
      this.#pictures.set(image, "waiting");
      this.#decode(image)
        .then(
          (picture) => this.#keep(image, picture),
          // An image that cannot be read stays a point, as those of other modalities do.
          () => this.#keep(image, "missing"),
        )
        .finally(() => {
          this.#reading--;
          this.#read();
        });
    }
  }

  async #decode(image: number): Promise<ImageBitmap | "missing"> {
    const { datasets, items } = this.#source;
    const item = await items.get("image", image);
    if (!item) return "missing";
    return createImageBitmap(await datasets.thumbnail(this.#projectId, item.digest));
  }

  #keep(image: number, picture: ImageBitmap | "missing"): void {
    if (this.#isClosed) {
      if (picture instanceof ImageBitmap) picture.close();
      return;
    }
    this.#pictures.delete(image); // the latest goes to the end
    this.#pictures.set(image, picture);
    for (const [old, held] of this.#pictures) {
      if (this.#pictures.size <= KEPT) break;
      if (held === "waiting") continue;
      if (held instanceof ImageBitmap) held.close();
      this.#pictures.delete(old);
    }
    this.#onArrival();
  }
}
