import type { Item, Pair } from "../../core/domain/dataset";
import { isInUse } from "../../core/domain/inUse";
import { type AlignedModality } from "../../core/domain/modality";
import type { GalleryFilter } from "../../core/domain/query";
import type { DatasetStore, ProjectStore } from "../../core/ports";
import type { Selection } from "./scan/exactTop";
import type { ProjectGallery } from "./space";

const MOST_KEPT = 16; // filters of one gallery: 1,000,000 rows take 5 MB each

type Labels = Readonly<Record<string, string>>;

/** What filters ask of items beside their split, by item index. */
interface Facets {
  readonly key: string;
  /** Of an image, its labels; of a text, its own and those of its images. */
  readonly labels: Readonly<Record<AlignedModality, readonly (readonly Labels[])[]>>;
  /** Of every pair in use that the item has. */
  readonly tags: Readonly<Record<AlignedModality, readonly (readonly string[])[]>>;
}

/** Which rows of a gallery a filter leaves; kept, so that typing on asks nothing twice. */
export class Selections {
  readonly #projects: Pick<ProjectStore, "get">;
  readonly #datasets: DatasetStore;
  readonly #kept = new WeakMap<ProjectGallery, Map<string, Selection>>();
  #facets: { key: string; value: Promise<Facets> } | undefined;

  constructor(projects: Pick<ProjectStore, "get">, datasets: DatasetStore) {
    this.#projects = projects;
    this.#datasets = datasets;
  }

  async of(
    gallery: ProjectGallery,
    modality: AlignedModality,
    filter: GalleryFilter,
  ): Promise<Selection> {
    const facets = filter.labels || filter.tags ? await this.#facetsOf(gallery.projectId) : null;
    const key = JSON.stringify([modality, filter, facets?.key]);
    const kept = this.#kept.get(gallery) ?? new Map<string, Selection>();
    this.#kept.set(gallery, kept);
    const known = kept.get(key);
    if (known) return known;
    const [oldest] = kept.keys();
    if (kept.size === MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    const made = select(gallery, modality, filter, facets);
    kept.set(key, made);
    return made;
  }

  /** Read anew after every change of the project: tags and labels are no part of the data's digest. */
  async #facetsOf(projectId: string): Promise<Facets> {
    const { updatedAt } = await this.#projects.get(projectId);
    const key = `${projectId}/${updatedAt}`;
    if (this.#facets?.key !== key) {
      const value = this.#readFacets(projectId, key);
      this.#facets = { key, value };
      value.catch(() => (this.#facets = undefined));
    }
    return this.#facets.value;
  }

  async #readFacets(projectId: string, key: string): Promise<Facets> {
    const [image, text, pairs] = await Promise.all([
      this.#datasets.items(projectId, "image"),
      this.#datasets.items(projectId, "text"),
      this.#datasets.pairs(projectId),
    ]);
    return { key, ...facetsOf({ image, text }, pairs) };
  }
}

/** Labels and tags by item. */
function facetsOf(
  items: Readonly<Record<AlignedModality, readonly Item[]>>,
  pairs: readonly Pair[],
): Omit<Facets, "key"> {
  const labelsOf = ({ labels }: Item) => (labels ? [labels] : []);
  const labels = { image: items.image.map(labelsOf), text: items.text.map(labelsOf) };
  const tags = {
    image: items.image.map((): string[] => []),
    text: items.text.map((): string[] => []),
  };
  for (const pair of pairs) {
    if (!isInUse(pair)) continue;
    const ofImage = items.image[pair.image ?? -1]?.labels;
    if (ofImage) labels.text[pair.text ?? -1]?.push(ofImage);
    for (const tag of pair.tags ?? []) {
      tags.image[pair.image ?? -1]?.push(tag);
      tags.text[pair.text ?? -1]?.push(tag);
    }
  }
  return { labels, tags };
}

function select(
  { galleries, splits }: ProjectGallery,
  modality: AlignedModality,
  filter: GalleryFilter,
  facets: Facets | null,
): Selection {
  const { items } = galleries[modality];
  const columns = Object.entries(filter.labels ?? {});
  const fulfils = (item: number): boolean => {
    const split = splits[modality][item];
    if (!split || !filter.splits.includes(split)) return false;
    const labels = facets?.labels[modality][item] ?? [];
    const tags = facets?.tags[modality][item] ?? [];
    return (
      columns.every(([column, values]) =>
        labels.some((of) => of[column] !== undefined && values.includes(of[column])),
      ) &&
      (!filter.tags || filter.tags.some((tag) => tags.includes(tag)))
    );
  };
  const mask = Uint8Array.from(items, (item) => Number(fulfils(item)));
  const rows = Uint32Array.from(mask.keys()).filter((r) => mask[r] === 1);
  return { rows, mask: rows.length === items.length ? null : mask };
}
