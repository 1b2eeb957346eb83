import type { PictureParts } from "../core/domain/pictureMap";
import type { Project } from "../core/domain/project";
import { Recent } from "../core/recent";
import type { Encoding, PartsCallOptions } from "./encoding";
import { FileNames } from "./fileNames";

/** A picture of the project's data, or one from outside. */
export type PictureSource = { readonly digest: string } | { readonly image: Blob };

const KEPT = 8; // 49 x 1,280 fp32 = 0.25 MB each

/** The parts of the pictures explained last: another query of the same picture encodes nothing. */
export class PictureCache {
  readonly #encoding: Pick<Encoding, "pictureParts">;
  readonly #known = new Recent<PictureParts>(KEPT);
  readonly #names = new FileNames();

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
    return parts;
  }

  #nameOf(picture: PictureSource): string {
    if ("digest" in picture) return picture.digest;
    return this.#names.of(picture.image);
  }
}
