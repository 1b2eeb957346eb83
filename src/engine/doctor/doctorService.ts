import { alignedEncoders } from "../../core/domain/project";
import type { Diagnosis } from "../../core/domain/diagnosis";
import type { ProjectStore } from "../../core/ports";
import type { Progress } from "../../core/progress";
import { throttleProgress } from "../throttleProgress";
import { diagnose } from "./diagnose";
import { loadPairs, type DoctorStores } from "./loadPairs";

/** Examines the pairs of a stored project with the embeddings it has; nothing is trained or written. */
export async function examineProject(
  stores: DoctorStores & { readonly projects: Pick<ProjectStore, "get"> },
  { projectId }: { readonly projectId: string },
  { signal, report }: { readonly signal: AbortSignal; report(progress: Progress): void },
): Promise<Diagnosis> {
  const started = performance.now();
  const project = await stores.projects.get(projectId);
  const { input, pairs, captions, leftOut } = await loadPairs(stores, project);
  const found = await diagnose(input, { signal, report: throttleProgress(report) });
  const captionOf = (place: number) => captions[input.pairs.text[place]!]!;
  return {
    projectId,
    dataDigest: project.data?.digest ?? "",
    encoders: alignedEncoders(project),
    leftOut,
    selfTest: found.selfTest,
    ranking: {
      ...found.ranking,
      pair: found.ranking.pair.map((place) => pairs[place]!),
      caption: found.ranking.caption.map((r) => captions[r]!),
      bestCaption: found.ranking.bestCaption.map((r) => captions[r]!),
    },
    swaps: found.cycles.map(({ members, gain }) => ({
      pairs: members.map((place) => pairs[place]!),
      texts: members.map((_, k) => captionOf(members[(k + 1) % members.length]!)),
      gain,
    })),
    shift: found.shift,
    predictions: found.predictions,
    createdAt: Date.now(),
    elapsedMs: performance.now() - started,
  };
}
