import type {
  ClassifyRequest,
  ClassifyVectorsRequest,
  CompareLabelRequest,
} from "../../core/domain/classification";
import { SPLITS } from "../../core/domain/dataset";
import type { MissReport } from "../../core/domain/missReport";
import type { AlignedModality } from "../../core/domain/modality";
import type { GalleryFilter } from "../../core/domain/query";
import type {
  MissRequest,
  OpenRequest,
  ScoreVectorsRequest,
  SearchRequest,
  SpaceRequest,
  SpaceStatus,
} from "../../core/domain/search";
import { AppError } from "../../core/errors";
import type { DatasetStore, EmbeddingStore, ProjectStore, RunStore } from "../../core/ports";
import type { Progress } from "../../core/progress";
import { galleryInUse, itemSplits, loadGallery } from "../encoding/loadGallery";
import { classify, classifyVectors } from "./classify";
import { compareLabel } from "./compareLabel";
import { explainMiss } from "./explainMiss";
import { scoreVectors } from "./explainScores";
import { measureEffects } from "./measureEffects";
import { rankGallery, type SearchContext } from "./rankGallery";
import { Selections } from "./selections";
import { Space, type ProjectGallery } from "./space";

interface SearchDependencies {
  readonly projects: Pick<ProjectStore, "get">;
  readonly datasets: DatasetStore;
  readonly embeddings: EmbeddingStore;
  readonly runs: RunStore;
  /** Readies the tensor backend; called once, before the first projection. */
  readonly openBackend: () => Promise<unknown>;
}

/** Longer than a query takes; while training, several spaces a second come and go. */
const DISPOSE_AFTER_MS = 1_000;

/** Keeps one projected gallery in memory and ranks it by exact search. */
export class SearchService {
  readonly #deps: SearchDependencies;
  readonly #selections: Selections;
  #backend: Promise<unknown> | undefined;
  #gallery: { key: string; value: Promise<ProjectGallery> } | undefined;
  #space: Space | undefined;
  #spaceKey = "";
  #refresh: { key: string; done: Promise<Space> } | undefined;

  constructor(deps: SearchDependencies) {
    this.#deps = deps;
    this.#selections = new Selections(deps.projects, deps.datasets);
  }

  /**
   * Makes projectors of a run searchable: the newest that are stored, or those given. While they are
   * being applied, `search` goes on answering from the ones before.
   *
   * @throws AppError `embeddings/missing` when the run has no projectors yet.
   */
  async open(
    request: OpenRequest,
    report: (progress: Progress) => void = () => {},
  ): Promise<SpaceStatus> {
    const space = await this.#newest(request, report);
    const { image, text } = space.gallery.galleries;
    return {
      runId: space.runId,
      step: space.step,
      dimension: space.dimension,
      gallery: { image: image.items.length, text: text.items.length },
    };
  }

  /** Exact ranking of the target gallery in the shared space. @throws AppError as `rankGallery`. */
  async search(request: SearchRequest & SpaceRequest, context?: SearchContext) {
    const space = await this.current(request);
    const selection = await this.#selections.of(space.gallery, request.target, request.filter);
    return rankGallery(space, selection, request, context);
  }

  /** What the corrections of the scores do to recall. @throws AppError as `measureEffects`. */
  async effects(request: SpaceRequest, context: SearchContext) {
    const space = await this.current(request);
    const pairs = await this.#deps.datasets.pairs(request.projectId);
    return measureEffects(space, pairs, context);
  }

  /** Probabilities of labels for other pictures. @throws AppError as `classifyVectors`. */
  async classifyVectors(request: ClassifyVectorsRequest & SpaceRequest) {
    return classifyVectors(await this.current(request), request);
  }

  /** Zero-shot classification of the gallery's images. @throws AppError as `classify`. */
  async classify(request: ClassifyRequest & SpaceRequest) {
    return classify(await this.current(request), this.#deps.datasets, request);
  }

  /** One label of a classification against all others. @throws AppError as `compareLabel`. */
  async compareLabel(request: CompareLabelRequest & SpaceRequest) {
    return compareLabel(await this.current(request), this.#deps.datasets, request);
  }

  /** Scores of any queries with any rows, for explanations. @throws AppError as `scoreVectors`. */
  async scoreVectors(request: ScoreVectorsRequest & SpaceRequest) {
    return scoreVectors(await this.current(request), request);
  }

  /** Why an item is not first. @throws AppError as `explainMiss`. */
  async explainMiss(request: MissRequest & SpaceRequest): Promise<MissReport> {
    const { projectId, target, filter, expected } = request;
    const space = await this.current(request);
    const pairs = await this.#deps.datasets.pairs(projectId);
    const of = (of: GalleryFilter) => this.#selections.of(space.gallery, target, of);
    const selected = await of(filter);
    const place = space.gallery.galleries[target].items.indexOf(expected);
    const isOutside = !selected.rows.includes(place);
    const selection = isOutside ? await of({ splits: SPLITS }) : selected;
    return { ...(await explainMiss(space, { pairs, selection }, request)), isOutside };
  }

  /** The space in memory if it is of this run, else the newest one. */
  async current(request: SpaceRequest): Promise<Space> {
    if (this.#space?.runId === request.runId) return this.#space;
    return this.#newest(request, () => {});
  }

  async #newest(request: OpenRequest, report: (progress: Progress) => void): Promise<Space> {
    const pair = request.projectors ?? (await this.#deps.runs.projectors(request.runId));
    if (!pair) throw new AppError("embeddings/missing", "this run has no projectors yet");
    const { key: data, value } = await this.#loadGallery(request);
    // A training and what is kept of it may be at one step with other weights: another seed's.
    const source = request.projectors ? "trained" : "stored";
    const key = `${pair.runId}/${pair.step}/${source}/${data}`;
    if (this.#space && this.#spaceKey === key) return this.#space;
    if (this.#refresh?.key === key) return this.#refresh.done;
    const done = (async () => {
      this.#backend ??= this.#deps.openBackend();
      await this.#backend;
      const gallery = await value;
      const space = await Space.project(gallery, pair, report);
      const before = this.#space;
      this.#space = space;
      this.#spaceKey = key;
      // A query that began on the space before may still need its projector for a moment.
      before?.scores.release();
      if (before) setTimeout(() => before.dispose(), DISPOSE_AFTER_MS);
      return space;
    })();
    this.#refresh = { key, done };
    try {
      return await done;
    } finally {
      if (this.#refresh.key === key) this.#refresh = undefined;
    }
  }

  async #loadGallery({ projectId, runId }: SpaceRequest) {
    const [{ embeddingKeys }, { data }] = await Promise.all([
      this.#deps.runs.get(runId),
      this.#deps.projects.get(projectId),
    ]);
    // The data as it is now, not as it was when the run began: edits show in the next search.
    const key = [projectId, data?.digest, embeddingKeys.image, embeddingKeys.text].join("/");
    if (this.#gallery?.key !== key) {
      this.#gallery = { key, value: this.#readGallery(projectId, embeddingKeys) };
      this.#gallery.value.catch(() => (this.#gallery = undefined));
    }
    return this.#gallery;
  }

  async #readGallery(
    projectId: string,
    keys: Readonly<Record<AlignedModality, string>>,
  ): Promise<ProjectGallery> {
    const { datasets, embeddings } = this.#deps;
    const [images, texts, pairs] = await Promise.all([
      datasets.items(projectId, "image"),
      datasets.items(projectId, "text"),
      datasets.pairs(projectId),
    ]);
    const [image, text] = await Promise.all([
      loadGallery(embeddings, keys.image, images),
      loadGallery(embeddings, keys.text, texts),
    ]);
    return {
      projectId,
      galleries: {
        image: galleryInUse(image, pairs, "image"),
        text: galleryInUse(text, pairs, "text"),
      },
      splits: {
        image: itemSplits(pairs, "image", images.length),
        text: itemSplits(pairs, "text", texts.length),
      },
    };
  }
}
