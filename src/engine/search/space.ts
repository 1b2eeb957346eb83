import type { Split } from "../../core/domain/dataset";
import { ALIGNED_MODALITIES, type AlignedModality } from "../../core/domain/modality";
import type { ProjectorPair } from "../../core/domain/projector";
import type { Matrix } from "../../core/math/matrix";
import { matrix, takeRows } from "../../core/math/matrix";
import type { Progress } from "../../core/progress";
import { openProjector, type OpenProjector } from "../align/project";
import type { RawGallery } from "../encoding/loadGallery";
import { nextMacrotask } from "../nextMacrotask";
import { SpaceScores } from "./spaceScores";

/** Rows projected between two looks at the message queue: about 20 ms on one wasm thread. */
const BLOCK_ROWS = 256;

/** The items of a project, encoded but not projected: what every run on it shares. */
export interface ProjectGallery {
  readonly projectId: string;
  readonly galleries: Readonly<Record<AlignedModality, RawGallery>>;
  readonly splits: Readonly<Record<AlignedModality, readonly Split[]>>;
}

/** A project's gallery in the shared space of one run at one step. */
export class Space {
  readonly gallery: ProjectGallery;
  readonly runId: string;
  readonly step: number;
  readonly logitScale: number;
  readonly dimension: number;
  /** What searching it takes beside the vectors. */
  readonly scores: SpaceScores;
  readonly #projectors: Readonly<Record<AlignedModality, OpenProjector>>;
  readonly #vectors: Readonly<Record<AlignedModality, Matrix>>;

  private constructor(
    gallery: ProjectGallery,
    { runId, step, logitScale, image }: ProjectorPair,
    projectors: Readonly<Record<AlignedModality, OpenProjector>>,
    vectors: Readonly<Record<AlignedModality, Matrix>>,
  ) {
    this.gallery = gallery;
    this.runId = runId;
    this.step = step;
    this.logitScale = logitScale;
    this.dimension = image.dimension;
    this.#projectors = projectors;
    this.#vectors = vectors;
    const side = (modality: AlignedModality, training: string) => {
      const { items } = gallery.galleries[modality];
      const splits = Array.from(items, (item) => gallery.splits[modality][item] ?? "test");
      return { vectors: vectors[modality], splits, training };
    };
    this.scores = new SpaceScores({
      image: side("image", "training pictures"),
      text: side("text", "training captions"),
    });
  }

  /** Projects the whole gallery, in blocks, so that queries on the space before it still answer. */
  static async project(
    gallery: ProjectGallery,
    pair: ProjectorPair,
    report: (progress: Progress) => void,
  ): Promise<Space> {
    const projectors = { image: openProjector(pair.image), text: openProjector(pair.text) };
    const { image, text } = gallery.galleries;
    const total = image.raw.rows + text.raw.rows;
    let done = 0;
    const vectors: Partial<Record<AlignedModality, Matrix>> = {};
    for (const modality of ALIGNED_MODALITIES) {
      const { raw } = gallery.galleries[modality];
      const out = matrix(raw.rows, pair.image.dimension);
      for (let start = 0; start < raw.rows; start += BLOCK_ROWS) {
        const rows = Math.min(BLOCK_ROWS, raw.rows - start);
        const block = takeRows(raw, range(start, start + rows));
        out.data.set((await projectors[modality].project(block)).data, start * out.cols);
        done += rows;
        report({ stage: "project", done, total, unit: "items" });
        await nextMacrotask(); // lets a waiting query in
      }
      vectors[modality] = out;
    }
    return new Space(gallery, pair, projectors, vectors as Record<AlignedModality, Matrix>); // both set above
  }

  /** [encoded items, P], row-aligned with the gallery of that modality. */
  vectors(modality: AlignedModality): Matrix {
    return this.#vectors[modality];
  }

  /** Maps raw encoder outputs [n, D] into the shared space. */
  project(modality: AlignedModality, rows: Matrix): Promise<Matrix> {
    return this.#projectors[modality].project(rows);
  }

  dispose(): void {
    this.scores.release();
    for (const modality of ALIGNED_MODALITIES) this.#projectors[modality].dispose();
  }
}

const range = (start: number, end: number) =>
  Array.from({ length: end - start }, (_, i) => start + i);
