import type { DataCheck } from "../../core/domain/edit";
import type { EncoderSpec } from "../../core/domain/encoder";
import { isInUse } from "../../core/domain/inUse";
import { AppError } from "../../core/errors";
import type { DatasetStore, EmbeddingStore, EncoderStore, ProjectStore } from "../../core/ports";
import type { Progress } from "../../core/progress";
import { throttleProgress } from "../throttleProgress";
import { checkLongCaptions, checkSharedCaptions, type TokenCounter } from "./captions";
import { checkedData } from "./checkedData";
import { checkLeak } from "./leak";
import { findRowOffset } from "./offsetRows";
import {
  checkEqualFiles,
  checkNearPictures,
  equalFiles,
  nearPictures,
  type ReadPixels,
} from "./pictures";
import { checkRowOffset, type OffsetScores } from "./rowOffset";

export interface CheckDependencies {
  readonly projects: Pick<ProjectStore, "get">;
  readonly datasets: Pick<DatasetStore, "items" | "pairs">;
  readonly embeddings: Pick<EmbeddingStore, "encodedDigests" | "load">;
  readonly encoders: Pick<EncoderStore, "get">;
  readonly readPixels: (projectId: string) => ReadPixels;
  readonly openCounter: (spec: EncoderSpec) => Promise<TokenCounter | { readonly missing: string }>;
}

interface CheckOptions {
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/** Kept short of what costs the page a pause to receive: 200 sets are more than anyone opens. */
const MOST_GROUPS_WITHOUT_ACTION = 200;

const STEPS = 6;

/**
 * Looks for what makes results better or worse than they are: copies, look-alikes, shared and cut
 * captions, leaks, rows out of step. Every check is in the answer, also when it found nothing or
 * could not run. Excluded pairs are not looked at.
 *
 * @throws AppError `data/edit` when the project has no data, `cancelled`.
 */
export async function checkData(
  projectId: string,
  deps: CheckDependencies,
  { signal, report }: CheckOptions,
): Promise<DataCheck[]> {
  const send = throttleProgress(report);
  let done = 0;
  const step = () => send({ stage: "check", done: done++, total: STEPS, unit: "steps" });
  const tick = ticker(signal);
  step();
  const project = await deps.projects.get(projectId);
  if (!project.data) throw new AppError("data/edit", "this project has no data");
  const { media: modality } = project.data;
  const [media, texts, pairs] = await Promise.all([
    deps.datasets.items(projectId, modality),
    deps.datasets.items(projectId, "text"),
    deps.datasets.pairs(projectId),
  ]);
  const data = checkedData(modality, media, texts, pairs);
  await tick();
  step();
  const near = await nearPictures(data, deps.readPixels(projectId), tick);
  step();
  const counter = await orMissing(async () =>
    deps.openCounter(await deps.encoders.get(project.encoders.text.id)),
  );
  const long = checkLongCaptions(data, counter);
  await tick();
  step();
  const leak = checkLeak(data, [...equalFiles(data), ...(near?.sets ?? [])]);
  await tick();
  step();
  const offset = await orMissing<OffsetScores>(() => findRowOffset(data, project, deps, tick));
  const inUse = pairs.flatMap((pair, i) => (isInUse(pair) ? i : []));
  step();
  const checks = [
    checkEqualFiles(data),
    checkNearPictures(data, near),
    leak,
    checkSharedCaptions(data),
    long,
    checkRowOffset(offset, inUse),
  ];
  step();
  return checks.map((check) =>
    check.action ? check : { ...check, groups: check.groups.slice(0, MOST_GROUPS_WITHOUT_ACTION) },
  );
}

/** An encoder that is not here costs the checks that need it, not the others. */
async function orMissing<T>(
  work: () => Promise<T | { readonly missing: string }>,
): Promise<T | { readonly missing: string }> {
  try {
    return await work();
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (!/^(encoder|embeddings|data)\//.test(error.code)) throw error;
    return { missing: error.message.replace(/\.$/, "") };
  }
}

/** Lets messages in every 50 ms, and ends the work once it is cancelled. */
function ticker(signal: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    signal.throwIfAborted();
    if (performance.now() - last < 50) return;
    await new Promise<void>((resolve) => setTimeout(resolve));
    last = performance.now();
    signal.throwIfAborted();
  };
}
