import type { MapItems, MapPlaces, MapScores, MapVectors } from "../../core/domain/jointMap";
import type { DatasetStore } from "../../core/ports";
import type { Progress } from "../../core/progress";
import { throttleProgress } from "../throttleProgress";
import { mapScores, SpaceMapper, type MapSpace } from "./mapSpace";

interface Place {
  readonly projectId: string;
  readonly runId: string;
}

interface MapContext {
  readonly signal: AbortSignal;
  report(progress: Progress): void;
  transfer(...buffers: ArrayBuffer[]): void;
}

/** Maps of the space that is searched, read where its vectors are. */
export class MapService {
  readonly #space: (place: Place) => Promise<MapSpace>;
  readonly #datasets: Pick<DatasetStore, "pairs">;
  readonly #mapper = new SpaceMapper();

  constructor(space: (place: Place) => Promise<MapSpace>, datasets: Pick<DatasetStore, "pairs">) {
    this.#space = space;
    this.#datasets = datasets;
  }

  /** Every item in the plane of the first two principal components. @throws AppError as `Space`. */
  async places(
    { isCentred, ...place }: Place & { readonly isCentred: boolean },
    { signal, transfer }: Pick<MapContext, "signal" | "transfer">,
  ): Promise<MapPlaces> {
    const found = await this.#mapper.places(await this.#space(place), isCentred, signal);
    transfer(found.places.buffer, ...buffersOf(found.items));
    return found;
  }

  /** Every item along the first 50 principal components. */
  async vectors(
    { isCentred, ...place }: Place & { readonly isCentred: boolean },
    { signal, transfer }: Pick<MapContext, "signal" | "transfer">,
  ): Promise<MapVectors> {
    const found = await this.#mapper.vectors(await this.#space(place), isCentred, signal);
    transfer(found.data.buffer, ...buffersOf(found.items));
    return found;
  }

  /** Ranks of held-out partners and cosines of pairs. */
  async scores(place: Place, { signal, report, transfer }: MapContext): Promise<MapScores> {
    const [space, pairs] = await Promise.all([
      this.#space(place),
      this.#datasets.pairs(place.projectId),
    ]);
    const found = await mapScores(space, pairs, { signal, report: throttleProgress(report) });
    transfer(found.ranks.buffer, found.cosines.buffer, ...buffersOf(found.items));
    return found;
  }
}

/** The service over a search that is still being opened. */
export async function openMapService(
  search: Promise<{ current(place: Place): Promise<MapSpace> }>,
  stores: Promise<{ readonly datasets: Pick<DatasetStore, "pairs"> }>,
): Promise<MapService> {
  const [spaces, { datasets }] = await Promise.all([search, stores]);
  return new MapService((place) => spaces.current(place), datasets);
}

const buffersOf = ({ image, text }: MapItems) => [image.buffer, text.buffer];
