import type { PictureParts } from "../core/domain/pictureMap";
import type { Project } from "../core/domain/project";
import type { Encoding, PartsCallOptions } from "./encoding";

/** A picture of the project's data, or one from outside. */
export type PictureSource = { readonly digest: string } | { readonly image: Blob };

const KEPT = 8; // 49 x 1,280 fp32 = 0.25 MB each

/** The parts of the pictures explained last: another query of the same picture encodes nothing. */
export class PictureCache {
  readonly #encoding: Pick<Encoding, "pictureParts">;
  readonly #known = new Map<string, PictureParts>();
  readonly #names = new WeakMap<Blob, string>();

  constructor(encoding: Pick<Encoding, "pictureParts">) {
    this.#encoding = encoding;
  }

  /** @throws AppError as `Encoding.pictureParts`. */
  async of(
    project: Project,
    picture: PictureSource,
    options: PartsCallOptions,
  ): Promise<PictureParts> {
    const { method = "auto" } = options;
    const key = JSON.stringify([project.id, project.encoders.image, this.#nameOf(picture), method]);
    const known = this.#known.get(key);
    if (known) return known;
    const parts = await this.#encoding.pictureParts(project, picture, options);
    this.#known.set(key, parts);
    const [oldest] = this.#known.keys();
    if (this.#known.size > KEPT && oldest !== undefined) this.#known.delete(oldest);
    return parts;
  }

  #nameOf(picture: PictureSource): string {
    if ("digest" in picture) return picture.digest;
    const name = this.#names.get(picture.image) ?? crypto.randomUUID();
    this.#names.set(picture.image, name);
    return name;
  }
}
