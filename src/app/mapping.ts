import type { ItemFacts, MapItems, MapPlaces, MapScores } from "../core/domain/jointMap";
import { Recent } from "../core/recent";
import type { ExploreContract } from "../rpc/exploreContract";
import type { SearchContract } from "../rpc/searchContract";
import type { Jobs } from "./jobs";
import type { WorkerCalls } from "./workerSlot";

interface MappingDependencies {
  readonly searcher: WorkerCalls<SearchContract>;
  readonly explorer: WorkerCalls<ExploreContract>;
  readonly jobs: Jobs;
}

/** Which map: of a run's space, with the sides' means subtracted or not. */
export interface MapChoice {
  readonly projectId: string;
  readonly runId: string;
  readonly isCentred: boolean;
}

/** A layout by neighbours, finished, stopped or still on its way. */
export interface NeighbourLayout {
  readonly items: MapItems;
  /** [points, 2] */
  readonly places: Float32Array<ArrayBuffer>;
  /** Of the checkpoint it was made with. */
  readonly step: number;
  /** Epochs done, of how many. */
  readonly done: number;
  readonly total: number;
  /** How many points were laid out; null until it is finished. */
  readonly sampled: number | null;
}

const SEED = 0; // the same picture every time; nobody has asked for another
const MOST_KEPT = 4; // 100,000 points are 1.2 MB each

/** Commands of the map: places, neighbour layouts, what points are coloured by. */
export class Mapping {
  readonly #deps: MappingDependencies;
  readonly #layouts = new Recent<NeighbourLayout>(MOST_KEPT);
  readonly #listeners = new Set<() => void>();

  constructor(deps: MappingDependencies) {
    this.#deps = deps;
  }

  static layoutJob = ({ projectId, runId, isCentred }: MapChoice): string =>
    `map/${projectId}/${runId}/${isCentred ? "centred" : "plain"}`;
  static scoresJob = ({ projectId, runId }: Omit<MapChoice, "isCentred">): string =>
    `map-scores/${projectId}/${runId}`;

  /** Splits, labels, tags and pairs of a project's items. */
  facts(projectId: string): Promise<ItemFacts> {
    return this.#deps.explorer.call("itemFacts", { projectId });
  }

  /** Where principal components put every item. */
  places(choice: MapChoice, signal?: AbortSignal): Promise<MapPlaces> {
    return this.#deps.searcher.call("mapPlaces", choice, signal ? { signal } : {});
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The newest layout of a map, which changes while its job runs; undefined: none yet. */
  readonly layout = (choice: MapChoice): NeighbourLayout | undefined =>
    this.#layouts.get(Mapping.layoutJob(choice));

  /**
   * Lays a map out by neighbours as a job, from where principal components put it. Stopped, it
   * stays as it was then.
   */
  async layOut(choice: MapChoice): Promise<void> {
    const { jobs, searcher, explorer } = this.#deps;
    const job = Mapping.layoutJob(choice);
    await jobs.start(job, async (signal, report) => {
      const start = await this.places(choice, signal);
      const { data, width, items, step } = await searcher.call("mapVectors", choice, { signal });
      const common = { items, step };
      const { places, sampled } = await explorer.call(
        "layOut",
        { data, width, start: start.places, seed: SEED },
        {
          ...{ signal, transfer: [data.buffer, start.places.buffer] },
          onProgress: ({ places, ...progress }) => {
            report(progress);
            if (!places) return;
            const { done, total } = progress;
            this.#keep(job, { ...common, places, done, total, sampled: null });
          },
        },
      );
      const { done = 0, total = 0 } = this.#layouts.get(job) ?? {};
      this.#keep(job, { ...common, places, done, total, sampled });
    });
  }

  /** Held-out ranks and cosines as a job. Undefined when it failed or was stopped. */
  scores(choice: MapChoice): Promise<MapScores | undefined> {
    const { jobs, searcher } = this.#deps;
    return jobs.start(Mapping.scoresJob(choice), (signal, onProgress) =>
      searcher.call("mapScores", choice, { signal, onProgress }),
    );
  }

  #keep(job: string, layout: NeighbourLayout): void {
    this.#layouts.set(job, layout);
    for (const listener of this.#listeners) listener();
  }
}
