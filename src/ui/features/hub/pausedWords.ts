import type { HubMember } from "../../../core/domain/hub";
import type { Project } from "../../../core/domain/project";
import type { UnfinishedJoining } from "../../../core/domain/unfinishedJoining";
import { formatCount, formatNumberOf, formatPercent } from "../../components/formatting";

/** How far a joining got that was stopped. */
export function stoppedWords({ trained }: UnfinishedJoining): string {
  if (!trained) return "Stopped before training; what was encoded is kept.";
  const { step, training, best, isEnded } = trained;
  if (isEnded) {
    return `Trained, ${formatNumberOf(step, "step")}; stopped before the recalls were measured.`;
  }
  const score = best
    ? `; best so far at ${formatCount(best.step)} (${formatPercent(best.score)})`
    : "";
  return `Stopped at step ${formatCount(step)} of ${formatCount(training.steps)}${score}.`;
}

/** What it was to be aligned to; undefined where one of them has left the hub. */
export function anchorNames(
  { wish }: UnfinishedJoining,
  members: readonly HubMember[],
): readonly string[] | undefined {
  const names = wish.anchors.map((anchor) => members.find(({ id }) => id === anchor)?.name);
  const known = names.filter((name) => name !== undefined);
  return known.length === names.length ? known : undefined;
}

/** What is to be known before it goes on; undefined: it goes on exactly where it was. */
export function warningWords(
  { trained }: UnfinishedJoining,
  project: Pick<Project, "name" | "data"> | undefined,
): string | undefined {
  if (!trained || !project || project.data?.digest === trained.dataDigest) return undefined;
  return `The data of ${project.name} were edited since: where that changes what is trained on, training starts anew.`;
}
