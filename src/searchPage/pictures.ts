import type { SearchPageItem } from "../core/domain/searchPage";
import { bytesOfBase64 } from "./pageBytes";

type LoadPart = (name: "thumbnails", index: number) => Promise<string>;

/** The gallery's small pictures as addresses an `img` can show; each script is read once. */
export class Pictures {
  readonly #load: LoadPart;
  readonly #parts = new Map<number, Promise<Uint8Array<ArrayBuffer>>>();
  readonly #urls = new Map<SearchPageItem, Promise<string>>();

  constructor(load: LoadPart) {
    this.#load = load;
  }

  /** Address of an item's picture, or undefined where it has none. @throws AppError `page/part`. */
  urlOf(item: SearchPageItem): Promise<string> | undefined {
    const { thumbnail } = item;
    if (!thumbnail) return undefined;
    const known = this.#urls.get(item);
    if (known) return known;
    const url = this.#part(thumbnail.part).then((bytes) => {
      const { start, end, type } = thumbnail;
      return URL.createObjectURL(new Blob([bytes.subarray(start, end)], { type }));
    });
    this.#urls.set(item, url);
    return url;
  }

  #part(index: number): Promise<Uint8Array<ArrayBuffer>> {
    const known = this.#parts.get(index);
    if (known) return known;
    const bytes = this.#load("thumbnails", index).then(bytesOfBase64);
    this.#parts.set(index, bytes);
    return bytes;
  }
}
