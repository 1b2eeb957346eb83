import { Aligning } from "../../../app/aligning";
import { Encoding } from "../../../app/encoding";
import { isActive } from "../../../app/jobs";
import { Projects } from "../../../app/projects";
import { useEncoders, useJob, useLoaded, useServices } from "../../../app/services";
import {
  embeddingName,
  type EmbeddingChoice,
  type EncoderSpec,
} from "../../../core/domain/encoder";
import type { WholeHub } from "../../../core/domain/hub";
import { chosenEncoder } from "../../../core/catalogue/encoders";
import { mainRun } from "../../../core/domain/mainRun";
import type { Project } from "../../../core/domain/project";
import type { Run } from "../../../core/domain/run";
import type { JobState } from "../../../core/job";
import type { Stage } from "../../../core/progress";
import { formatCount, formatNumberOf, formatPercent } from "../../components/formatting";
import { hubsWith } from "../../components/hubsOf";
import { ITEM_NOUNS } from "../../components/modalityWords";
import { useEncodedCount } from "../../components/useEncodedCount";

type Step = "data" | "encode" | "align" | "query" | "hub" | "take-away";

/** One line per step about what it has, or what it needs. */
export function useStepTruths(project: Project): Readonly<Record<Step, string>> {
  const { stores } = useServices();
  const encoders = useEncoders();
  const importing = useJob(Projects.importJob(project.id));
  const media = project.data?.media ?? "image";
  const encoding = useJob(Encoding.job(project.id, media));
  const captions = useJob(Encoding.job(project.id, "text"));
  const items = useEncodedCount(project, media).value;
  const text = useEncodedCount(project, "text").value;
  const { value: runs = [] } = useLoaded(project.id, () => stores.runs.list(project.id), [
    `runs/${project.id}`,
  ]);
  const { value: hubs = [] } = useLoaded(
    `hubs of ${project.id}`,
    () => hubsWith(stores.hubs, project.id),
    ["hubs"],
  );
  const newest = [...runs].sort((a, b) => b.createdAt - a.createdAt)[0];
  const current = runs.find(({ status }) => status === "running") ?? newest;
  const training = useJob(Aligning.job(current?.id ?? ""));
  const encoded = items && text ? items.encoded + text.encoded : 0;
  const total = items && text ? items.total + text.total : 0;
  const aligns = media === "image";
  const complete = total > 0 && encoded === total;
  return {
    data: dataTruth(project, importing),
    encode: encodeTruth({ project, jobs: [encoding, captions], encoded, total, encoders }),
    align: aligns
      ? alignTruth(
          mainRun(runs) ?? newest,
          training,
          complete || total === 0,
          Boolean(project.data),
        )
      : "joins a hub",
    query: newest ? "ready" : aligns ? "needs a run" : "in the hub",
    hub: hubTruth(hubs, project.id, aligns),
    "take-away": runs.length > 0 ? formatNumberOf(runs.length, "run") : "recipe",
  };
}

/** What a project has to do with hubs: those made from it, or that its items joined one. */
function hubTruth(hubs: readonly WholeHub[], projectId: string, aligns: boolean): string {
  const own = hubs.filter(({ hub }) => hub.projectId === projectId).length;
  if (own > 0) return formatNumberOf(own, "hub");
  const [joined] = hubs;
  if (joined) return `joined ${joined.hub.name}`;
  return aligns ? "add a modality" : "not joined yet";
}

function dataTruth({ data }: Project, importing: JobState): string {
  if (isActive(importing)) return `importing ${shareOf([importing])}`.trim();
  if (!data) return "no pairs yet";
  const { items } = data.report;
  const media = formatNumberOf(items[data.media], ITEM_NOUNS[data.media]);
  return `${media} · ${formatNumberOf(items.text, "caption")}`;
}

interface EncodeState {
  readonly project: Project;
  readonly jobs: readonly JobState[];
  readonly encoded: number;
  readonly total: number;
  readonly encoders: readonly EncoderSpec[];
}

function encodeTruth({ project, jobs, encoded, total, encoders }: EncodeState): string {
  if (!project.data) return "needs data";
  if (jobs.some(isActive)) return `encoding ${shareOf(jobs)}`.trim();
  if (total === 0) return "";
  if (encoded < total) return `${formatCount(encoded)} of ${formatCount(total)} encoded`;
  const nameOf = (choice: EmbeddingChoice | undefined) => {
    if (!choice) return "no encoder yet";
    const spec = encoders.find(({ id }) => id === choice.id);
    return spec ? embeddingName(spec, choice) : choice.id;
  };
  const { media } = project.data;
  return `${nameOf(chosenEncoder(project, media))} + ${nameOf(project.encoders.text)}`;
}

function alignTruth(
  run: Run | undefined,
  job: JobState,
  encoded: boolean,
  hasData: boolean,
): string {
  if (isActive(job)) return `training ${shareOf([job])}`.trim();
  const recall = run?.test?.textToImage.recall["10"];
  if (recall) {
    const half = ((recall.high - recall.low) / 2) * 100;
    return `recall@10 ${formatPercent(recall.value)} ± ${half.toFixed(1)}`;
  }
  if (run) return run.status === "failed" ? "failed" : "not finished";
  return hasData && encoded ? "no run yet" : "needs embeddings";
}

const MAIN_STAGES: readonly Stage[] = ["import", "encode", "train"];

/** How far these jobs are, together. Empty in the stages before and after the real work. */
function shareOf(jobs: readonly JobState[]): string {
  const counted = jobs
    .flatMap((job) => ("progress" in job && job.progress ? job.progress : []))
    .filter(({ stage }) => MAIN_STAGES.includes(stage));
  const total = counted.reduce((sum, progress) => sum + progress.total, 0);
  const done = counted.reduce((sum, progress) => sum + progress.done, 0);
  return total > 0 ? formatPercent(done / total, 0) : "";
}
