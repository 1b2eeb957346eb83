import type { DatasetStore, EmbeddingStore, EncoderStore, ProjectStore } from "../../core/ports";
import type { CheckDependencies } from "./checkData";
import { thumbnailPixels } from "./readPixels";
import { openTokenCounter } from "./tokenCounter";

interface Stores {
  readonly projects: ProjectStore;
  readonly datasets: DatasetStore;
  readonly embeddings: EmbeddingStore;
  readonly encoders: EncoderStore;
}

/**
 * What the checks need in a worker: the stores, a canvas, and tokenizer files from this site.
 *
 * @param base address of the site, ending in `/`.
 */
export function workerChecks(stores: Stores, base: string): CheckDependencies {
  return {
    ...stores,
    readPixels: (projectId) => thumbnailPixels(stores.datasets, projectId),
    openCounter: (spec) =>
      // Cache Storage is absent outside a secure context.
      openTokenCounter(spec, { base, ...("caches" in self && { caches: self.caches }) }),
  };
}
