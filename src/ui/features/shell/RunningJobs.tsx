import { Link } from "wouter";
import { MODALITIES } from "../../../core/domain/modality";
import type { JobState } from "../../../core/job";
import { formatCount, formatDuration, formatPercent } from "../../components/formatting";
import { ITEM_NOUNS } from "../../components/modalityWords";
import { useEta } from "../../components/useEta";
import styles from "./TopBar.module.css";
import { useActiveJobs } from "./useActiveJobs";

/** What runs now, wherever the visitor is: n/N and time left of every job. */
export function RunningJobs() {
  const jobs = useActiveJobs();
  return (
    <ul className={styles.jobs} aria-label="Running jobs">
      {jobs.map(([id, job]) => (
        <RunningJob key={id} id={id} job={job} />
      ))}
    </ul>
  );
}

function RunningJob({ id, job }: { readonly id: string; readonly job: JobState }) {
  const eta = useEta(job);
  const progress = "progress" in job ? job.progress : undefined;
  const { words, href } = describeJob(id);
  const amount = progress && progress.total > 1 && amountOf(progress);
  const left = eta && formatDuration(eta.remainingMs);
  const stopping = job.status === "cancelling" && "stopping";
  const text = [words, amount, stopping || left].filter(Boolean).join(" · ");
  return <li>{href ? <Link href={href}>{text}</Link> : text}</li>;
}

function amountOf({ done, total, unit }: { done: number; total: number; unit: string }): string {
  if (unit === "bytes") return formatPercent(done / total, 0);
  return `${formatCount(done)}/${formatCount(total)}`;
}

/** A job in words, and the screen that controls it, from its id. */
export function describeJob(id: string): { words: string; href: string | null } {
  const [kind = "", owner = "", rest = ""] = id.split("/");
  switch (kind) {
    case "inspect":
      return { words: "Reading files", href: `/p/${owner}/data` };
    case "import":
      return { words: "Importing", href: `/p/${owner}/data` };
    case "check":
      return { words: "Checking the data", href: `/p/${owner}/data` };
    case "effects":
      return { words: "Measuring scores", href: `/p/${owner}/query` };
    case "encode":
      return {
        words: capitalised(`${ITEM_NOUNS[modalityOf(rest)]}s`),
        href: `/p/${owner}/encode`,
      };
    case "download":
      return { words: "Downloading an encoder", href: null };
    case "save-project":
      return { words: "Saving the project", href: `/p/${owner}/take-away` };
    case "open-project":
      return { words: "Opening a project", href: "/" };
    case "align":
      return { words: "Training", href: null };
    case "freeze":
      return { words: "Freezing a hub", href: `/p/${owner}/hub` };
    case "join":
      return { words: "Joining a hub", href: `/p/${rest}/hub/add/${owner}/${rest}` };
    case "path":
      return { words: "Measuring a path", href: null };
    case "sensor-encoder":
      return { words: "Making an encoder", href: `/p/${owner}/encode` };
    case "lag":
      return { words: "Scanning offsets", href: `/p/${owner}/encode` };
    case "hub-lag":
      return { words: "Scanning offsets", href: null };
    case "check-hub":
      return { words: "Checking a hub", href: null };
    default:
      return { words: "Working", href: null };
  }
}

const modalityOf = (id: string) => MODALITIES.find((modality) => modality === id) ?? "text";

const capitalised = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
