import { embeddingWidth, type EncoderSpec } from "../../../core/domain/encoder";
import type { HubMember, Joining } from "../../../core/domain/hub";
import type { Project } from "../../../core/domain/project";
import { embeddingInWords } from "../../components/encoderWords";
import {
  formatCount,
  formatDate,
  formatDuration,
  formatNumberOf,
  formatPercent,
} from "../../components/formatting";
import { ITEM_NOUNS } from "../../components/modalityWords";

export interface MemberContext {
  readonly members: readonly HubMember[];
  readonly encoders: readonly EncoderSpec[];
  readonly projects: readonly Project[];
}

type Fact = readonly [name: string, value: string];

/** What a member is and how it came in, one fact a line. */
export function memberFacts(member: HubMember, context: MemberContext): readonly Fact[] {
  const { encoder, projector, joined } = member;
  const spec = context.encoders.find(({ id }) => id === encoder.id);
  const width = spec ? embeddingWidth(spec, encoder) : projector.inputWidth;
  return [
    ["Encoder", spec ? embeddingInWords(spec, encoder) : encoder.id],
    ["Width", `${formatCount(width)} → ${formatCount(projector.dimension)}`],
    ["Items", itemWords(member, context.projects)],
    ...(joined
      ? joiningFacts(joined, context.members)
      : ([["Joined", "frozen with the hub"]] as const)),
  ];
}

function itemWords({ modality, data }: HubMember, projects: readonly Project[]): string {
  if (!data) return "none: it came as a sense pack";
  const project = projects.find(({ id }) => id === data.projectId);
  if (!project?.data) return "gone: its project was deleted";
  const count = formatNumberOf(project.data.report.items[modality], ITEM_NOUNS[modality]);
  const changed = project.data.digest === data.digest ? "" : ", changed since";
  return `${count} of ${project.name}${changed}`;
}

function joiningFacts(joined: Joining, members: readonly HubMember[]): readonly Fact[] {
  const { anchors, splits, followed, leftOut, training, best, device, elapsedMs, at } = joined;
  const names = anchors.map(({ memberId, pairs }) => {
    const name = members.find(({ id }) => id === memberId)?.name ?? "a member since removed";
    return `${name} (${formatNumberOf(pairs, "pair")})`;
  });
  const pairs = [
    `train ${formatCount(splits.train)}`,
    `validation ${formatCount(splits.validation)}`,
    `test ${formatCount(splits.test)}`,
    followed > 0 && `${formatCount(followed)} moved to the hub’s split of the same caption`,
    leftOut > 0 && `${formatCount(leftOut)} left out, without an embedding`,
  ];
  const last = joined.history.at(-1)?.step ?? training.steps;
  const steps =
    last < training.steps
      ? `${formatCount(last)} of ${formatNumberOf(training.steps, "step")}`
      : formatNumberOf(training.steps, "step");
  const score = best ? `, best at ${formatCount(best.step)} (${formatPercent(best.score)})` : "";
  return [
    ["Aligned to", names.join(", ")],
    ["Pairs", pairs.filter(Boolean).join(" · ")],
    [
      "Training",
      `${steps}${score}, seed ${joined.seed}, ` +
        `${formatDuration(elapsedMs)} on ${device}, ${formatDate(at)}` +
        (joined.restart === undefined ? "" : `. ${joined.restart}`),
    ],
  ];
}
