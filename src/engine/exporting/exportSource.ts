import type { Item, Pair } from "../../core/domain/dataset";
import type { EncoderSpec } from "../../core/domain/encoder";
import { isInUse, itemsInUse } from "../../core/domain/inUse";
import {
  ALIGNED_MODALITIES,
  type AlignedModality,
  type Modality,
} from "../../core/domain/modality";
import type { Project } from "../../core/domain/project";
import type { ProjectorPair } from "../../core/domain/projector";
import type { Run } from "../../core/domain/run";
import type {
  DatasetStore,
  EmbeddingStore,
  EncoderStore,
  ProjectStore,
  RunStore,
} from "../../core/ports";
import { loadItems } from "../loadItems";
import { encoderKey } from "../encoding/encoderKey";

/** What the export of models, embeddings and tables reads from. */
export interface ExportStores {
  readonly projects: Pick<ProjectStore, "get">;
  readonly datasets: DatasetStore;
  readonly embeddings: EmbeddingStore;
  readonly encoders: EncoderStore;
  readonly runs: RunStore;
}

/** A project and one of its runs, as an export needs them. */
export interface ExportSource {
  readonly project: Project;
  readonly run: Run | null;
  /** Null: the run has not written any yet. */
  readonly projectors: ProjectorPair | null;
  readonly encoders: Readonly<Record<AlignedModality, EncoderSpec>>;
  readonly items: Readonly<Record<Modality, readonly Item[]>>;
  readonly pairs: readonly Pair[];
  /** Items with an embedding that some pair in use has, by index, in order. */
  readonly encoded: Readonly<Record<AlignedModality, readonly number[]>>;
  readonly keys: Readonly<Record<AlignedModality, string>>;
}

/**
 * Loads everything but vectors and files.
 *
 * @param runId null: what leaves without a run, with the project's present encoders.
 * @throws AppError `storage/missing`, `encoder/missing`.
 */
export async function openExportSource(
  stores: ExportStores,
  { projectId, runId }: { readonly projectId: string; readonly runId: string | null },
): Promise<ExportSource> {
  const project = await stores.projects.get(projectId);
  const run = runId === null ? null : await stores.runs.get(runId);
  const choices = run?.recipe.encoders ?? project.encoders;
  const [items, pairs, projectors] = await Promise.all([
    loadItems(stores.datasets, projectId),
    stores.datasets.pairs(projectId),
    runId === null ? undefined : stores.runs.projectors(runId),
  ]);
  const encoders = {
    image: await stores.encoders.get(choices.image.id),
    text: await stores.encoders.get(choices.text.id),
  };
  const keyOf = (side: AlignedModality) =>
    run ? run.embeddingKeys[side] : encoderKey(encoders[side], choices[side]);
  const keys = { image: await keyOf("image"), text: await keyOf("text") };
  const encoded = { image: [] as number[], text: [] as number[] };
  for (const side of ALIGNED_MODALITIES) {
    const stored = await stores.embeddings.encodedDigests(keys[side]);
    const used = itemsInUse(pairs, side, items[side].length);
    items[side].forEach(({ digest }, i) => {
      if (used[i] === 1 && stored.has(digest)) encoded[side].push(i);
    });
  }
  return { project, run, projectors: projectors ?? null, encoders, items, pairs, encoded, keys };
}

/** The items behind the embeddings of a side, in the order of their rows. */
export function encodedItems({ items, encoded }: ExportSource, side: AlignedModality): Item[] {
  return encoded[side].flatMap((i) => items[side][i] ?? []);
}

/** Pairs that take part, in order. */
export const usedPairs = ({ pairs }: ExportSource): Pair[] => pairs.filter(isInUse);
