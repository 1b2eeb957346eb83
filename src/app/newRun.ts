import type { Project } from "../core/domain/project";
import type { Recipe } from "../core/domain/recipe";
import type { Run, SweepPoint } from "../core/domain/run";

/** What tells a run of a sweep from the others. */
export interface RunPlace {
  readonly name: string;
  readonly sweep: SweepPoint;
  /** Place in the queue, from 0. */
  readonly index: number;
}

/** A run of `recipe` on the project's data as it is before its worker knows of it: queued. */
export function newRun(project: Project, recipe: Recipe, place?: RunPlace): Run {
  const now = Date.now();
  return {
    id: crypto.randomUUID(),
    projectId: project.id,
    name: place?.name ?? recipe.name,
    createdAt: now + (place?.index ?? 0), // runs of a sweep are trained in order of creation
    updatedAt: now,
    status: "queued",
    recipe,
    training: null,
    dataDigest: project.data?.digest ?? "",
    embeddingKeys: { image: "", text: "" },
    device: null,
    versions: {},
    splits: { train: 0, validation: 0, test: 0 },
    leftOut: 0,
    history: [],
    baselines: [],
    best: null,
    test: null,
    report: null,
    zeroShot: null,
    chosen: {},
    method: null,
    candidates: [],
    seedResults: [],
    coverage: null,
    warnings: [],
    sweep: place?.sweep ?? null,
    notes: "",
    timings: { alignMs: 0, stepMs: 0 },
  };
}
