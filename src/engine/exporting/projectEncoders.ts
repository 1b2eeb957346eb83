import type { EmbeddingChoice, EncoderSpec } from "../../core/domain/encoder";
import { ALIGNED_MODALITIES, MODALITIES, type Modality } from "../../core/domain/modality";
import { PARITY_PATH } from "../../core/domain/ownModel";
import type { Project } from "../../core/domain/project";
import type { Run } from "../../core/domain/run";
import { AppError } from "../../core/errors";
import type { EncoderStore } from "../../core/ports";
import type { FileCache } from "../encoders/fileCache";
import { encoderKey } from "../encoding/encoderKey";

type Choices = readonly (readonly [Modality, EmbeddingChoice])[];

/** Every embedding a project and its runs name. */
function choicesOf({ encoders }: Project, runs: readonly Run[]): Choices {
  const all: Project["encoders"][] = [encoders, ...runs.map(({ recipe }) => recipe.encoders)];
  return all.flatMap((chosen) =>
    MODALITIES.flatMap((modality) => {
      const choice = chosen[modality];
      return choice ? [[modality, choice] as const] : [];
    }),
  );
}

/** An embedding key and whose items it is about. */
export interface UsedKey {
  readonly key: string;
  readonly modality: Modality;
}

/** Keys of the embeddings a project and its runs use, each once. */
export async function usedKeys(
  project: Project,
  runs: readonly Run[],
  encoders: EncoderStore,
): Promise<UsedKey[]> {
  const keys = new Map<string, Modality>();
  for (const { embeddingKeys } of runs) {
    for (const modality of ALIGNED_MODALITIES) {
      // A run that has not begun has none.
      if (embeddingKeys[modality] !== "") keys.set(embeddingKeys[modality], modality);
    }
  }
  for (const [modality, choice] of choicesOf(project, runs)) {
    try {
      keys.set(await encoderKey(await encoders.get(choice.id), choice), modality);
    } catch (thrown) {
      // An encoder that was deleted: a run that used it names its key itself.
      if (AppError.from(thrown).code !== "encoder/missing") throw thrown;
    }
  }
  return [...keys].map(([key, modality]) => ({ key, modality }));
}

/** Entries beyond the catalogue that a project and its runs name, directly or by `madeWith`. */
export async function usedEncoders(
  project: Project,
  runs: readonly Run[],
  encoders: EncoderStore,
): Promise<EncoderSpec[]> {
  const stored = new Map((await encoders.list()).map((spec) => [spec.id, spec]));
  const ids = new Set(choicesOf(project, runs).map(([, { id }]) => id));
  for (const id of Object.values(project.data?.vectors ?? {})) ids.add(id);
  for (const id of [...ids]) {
    const made = stored.get(id)?.madeWith;
    if (made) ids.add(made.choice.id);
  }
  return [...ids].flatMap((id) => stored.get(id) ?? []);
}

/** One kept file of an own model. */
export interface ModelFile {
  readonly encoderId: string;
  /** As the entry names it. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * The files of an own model; undefined where this browser has lost one of them.
 *
 * @param cache undefined where the browser has none.
 */
export async function ownModelFiles(
  spec: EncoderSpec,
  cache: FileCache | undefined,
): Promise<ModelFile[] | undefined> {
  const found: ModelFile[] = [];
  for (const { path, sizeBytes } of spec.files) {
    const bytes = await cache?.read(cache.address(spec, { path }), sizeBytes ?? 0);
    if (!bytes) return undefined;
    found.push({ encoderId: spec.id, path, bytes });
  }
  const parity = await wholeOf(cache, spec, PARITY_PATH);
  return [...found, { encoderId: spec.id, path: PARITY_PATH, bytes: parity }];
}

async function wholeOf(cache: FileCache | undefined, spec: EncoderSpec, path: string) {
  const parts: BlobPart[] = [];
  if (cache) for await (const part of cache.parts(cache.address(spec, { path }))) parts.push(part);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
