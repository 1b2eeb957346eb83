import type { AlignmentData } from "../../src/core/domain/alignmentData";
import type { Item } from "../../src/core/domain/dataset";
import { resolveRecipe } from "../../src/core/domain/recipe";
import type { Run } from "../../src/core/domain/run";
import { matrix, row } from "../../src/core/math/matrix";
import type { AlignProgress, AlignRequest } from "../../src/core/domain/alignRequest";
import type { AlignDependencies } from "../../src/engine/align/alignSession";
import { AlignService } from "../../src/engine/align/alignService";
import { openBackend } from "../../src/engine/align/backend";
import { encoderKey } from "../../src/engine/encoding/encoderKey";
import { IdbDatasetStore } from "../../src/storage/datasetStore";
import type { PlaygroundDb } from "../../src/storage/db";
import { IdbEmbeddingStore } from "../../src/storage/embeddingStore";
import { IdbEncoderStore } from "../../src/storage/encoderStore";
import { IdbRunStore } from "../../src/storage/runStore";
import { sampleImage, sampleProject, sampleRun, sampleText } from "./samples";

/** What a test changes about the project and the run on it. */
export interface AlignProjectOptions {
  readonly data: AlignmentData;
  /** The `align` section of the recipe. */
  readonly align?: object;
  readonly evaluate?: object;
  readonly labelOf?: (image: number) => string;
  readonly captionOf?: (text: number) => string;
}

/** A stored project with embeddings and one run `r1`, and a service that trains it. */
export interface AlignProject {
  readonly runs: IdbRunStore;
  readonly reports: AlignProgress[];
  /** Trains `r1` with a service of its own, as after a reload. */
  train(
    options?: Partial<AlignRequest> & {
      readonly signal?: AbortSignal;
      readonly onReport?: (report: AlignProgress, service: AlignService) => void;
    },
  ): Promise<Run>;
}

/** Opens the project; the clock moves 1 s per reading, so that checkpoints are frequent. */
export async function openAlignProject(
  db: PlaygroundDb,
  options: AlignProjectOptions,
): Promise<AlignProject> {
  const recipe = resolveRecipe({
    version: 1,
    data: { project: "p1" },
    align: { dimension: 8, steps: 20, ...options.align },
    evaluate: { baselines: [], ...options.evaluate },
  });
  const stores = {
    datasets: new IdbDatasetStore(db),
    embeddings: new IdbEmbeddingStore(db),
    encoders: new IdbEncoderStore(db),
    runs: new IdbRunStore(db),
  };
  await storeData(stores, options);
  for (const side of ["image", "text"] as const) {
    const choice = recipe.encoders[side];
    const key = await encoderKey(await stores.encoders.get(choice.id), choice);
    const { rows, cols } = options.data[side];
    for (let r = 0; r < rows; r++) {
      const vector = matrix(1, cols, row(options.data[side], r).slice());
      await stores.embeddings.putChunk(key, [`${side}${r}`], vector);
    }
  }
  await stores.runs.put(sampleRun("r1", "p1", { recipe, embeddingKeys: { image: "", text: "" } }));
  const reports: AlignProgress[] = [];
  let now = 0;
  const deps: AlignDependencies = {
    ...stores,
    openBackend: () => openBackend("wasm"),
    clock: () => (now += 1_000),
    now: () => 1,
    versions: {},
  };
  return {
    runs: stores.runs,
    reports,
    train({ signal = new AbortController().signal, onReport, ...request } = {}) {
      const service = new AlignService(deps);
      const params = { runId: "r1", device: "wasm", ...request } as const;
      return service.align(params, signal, (report) => {
        reports.push(report);
        onReport?.(report, service);
      });
    },
  };
}

async function storeData(
  { datasets }: { datasets: IdbDatasetStore },
  { data, labelOf, captionOf = (r) => `caption ${r}` }: AlignProjectOptions,
): Promise<void> {
  const { image, text, pairs } = data;
  await datasets.replaceData(sampleProject(), {
    audio: [],
    sensor: [],
    image: Array.from({ length: image.rows }, (_, r): Item => {
      return { ...sampleImage(`image${r}`), ...(labelOf && { labels: { kind: labelOf(r) } }) };
    }),
    text: Array.from({ length: text.rows }, (_, r) => sampleText(`text${r}`, captionOf(r))),
    pairs: Array.from({ length: pairs.length }, (_, p) => ({
      image: pairs.image[p]!,
      text: pairs.text[p]!,
      group: String(pairs.component[p]!),
      split: pairs.split[p]!,
      row: `metadata.csv:${p + 2}`,
    })),
  });
}
