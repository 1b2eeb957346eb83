import { useState } from "react";
import { Exporting } from "../../../app/exporting";
import { isActive } from "../../../app/jobs";
import { useJob, useLoaded, useServices } from "../../../app/services";
import { SPLITS, type Split } from "../../../core/domain/dataset";
import { isInUse } from "../../../core/domain/inUse";
import type { Project } from "../../../core/domain/project";
import type { Run } from "../../../core/domain/run";
import type { SearchPageOptions, SearchPageSize } from "../../../core/domain/searchPage";
import { ErrorNote } from "../../components/ErrorNote";
import { formatBytes, formatNumberOf } from "../../components/formatting";
import { JobStatus } from "../../components/JobStatus";
import { saveFile } from "../../components/saveFile";
import styles from "./SearchPageRow.module.css";

interface SearchPageRowProps {
  readonly project: Project;
  readonly run: Run;
}

const SPLIT_NAMES: Readonly<Record<Split, string>> = {
  train: "Training",
  validation: "Validation",
  test: "Held-out test",
};

const FILE_TREE = `index.html   open it, or put the folder on any web host
app/  data/  licenses/  README.txt  NOTICES.txt`;

/** The search page in the list of what can leave: what goes in, how large it gets, one button. */
export function SearchPageRow({ project, run }: SearchPageRowProps) {
  const { exporting, jobs } = useServices();
  const [options, setOptions] = useState<SearchPageOptions>({
    splits: SPLITS,
    tags: [],
    originals: false,
  });
  const jobId = Exporting.jobId("search-page", project.id);
  const job = useJob(jobId);
  const key = `${run.id}/${JSON.stringify(options)}`;
  const size = useLoaded(
    `search-page/${key}`,
    () => exporting.sizeSearchPage(project.id, run.id, options),
    [`project/${project.id}`, `run/${run.id}`],
  );
  const make = async () => {
    const file = await exporting.exportSearchPage(project.id, run.id, options);
    if (file) saveFile(file.name, file.blob);
  };
  return (
    <section className={styles.row} aria-labelledby="search-page">
      <div className={styles.words}>
        <h2 id="search-page">
          Search page <span className="quiet">{size.value && sizeWords(size.value)}</span>
        </h2>
        <p className="quiet">
          A folder that finds these pictures by words, with the text encoder inside: on any web host
          or straight from a disk, without a server. Whoever opens it sees the pictures and
          captions.
        </p>
        <pre className={`mono ${styles.tree}`}>{FILE_TREE}</pre>
        <Choices project={project} options={options} onChange={setOptions} />
        {size.value && <p className="quiet">{contentsOf(size.value)}</p>}
        {size.error && <ErrorNote error={size.error} />}
        <JobStatus
          job={job}
          label="Search page"
          onStop={() => exporting.cancel("search-page", project.id)}
          onDismiss={() => jobs.dismiss(jobId)}
        />
      </div>
      <div>
        <button
          type="button"
          className="button"
          aria-label="Download search page"
          disabled={isActive(job) || !size.value}
          onClick={make}
        >
          Download
        </button>
      </div>
    </section>
  );
}

function sizeWords({ sizeBytes }: SearchPageSize): string {
  return `about ${formatBytes(sizeBytes)}`;
}

function contentsOf({ items, withoutPicture, encoderBytes }: SearchPageSize): string {
  const bare = withoutPicture > 0 && `${formatNumberOf(withoutPicture, "item")} by caption only`;
  const encoder = `text encoder and its runtime ${formatBytes(encoderBytes)}`;
  return [formatNumberOf(items, "picture"), bare, encoder].filter(Boolean).join(" · ");
}

interface ChoicesProps {
  readonly project: Project;
  readonly options: SearchPageOptions;
  readonly onChange: (options: SearchPageOptions) => void;
}

function Choices({ project, options, onChange }: ChoicesProps) {
  const { splits, tags, originals } = options;
  const known = useTags(project);
  return (
    <div className={styles.choices}>
      <fieldset>
        <legend>Pictures of</legend>
        {SPLITS.map((split) => (
          <Tick
            key={split}
            name={SPLIT_NAMES[split]}
            on={splits.includes(split)}
            // In the order of SPLITS, so that equal choices are one key.
            onChange={(on) =>
              onChange({
                ...options,
                splits: SPLITS.filter((each) => (each === split ? on : splits.includes(each))),
              })
            }
          />
        ))}
      </fieldset>
      {known.length > 0 && (
        <fieldset>
          <legend>Only tagged</legend>
          {known.map((tag) => (
            <Tick
              key={tag}
              name={tag}
              on={tags.includes(tag)}
              onChange={(on) =>
                onChange({
                  ...options,
                  tags: known.filter((each) => (each === tag ? on : tags.includes(each))),
                })
              }
            />
          ))}
        </fieldset>
      )}
      <fieldset>
        <legend>Files</legend>
        <Tick
          name="Originals for the enlarged view"
          on={originals}
          onChange={(on) => onChange({ ...options, originals: on })}
        />
      </fieldset>
    </div>
  );
}

interface TickProps {
  readonly name: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

function Tick({ name, on, onChange }: TickProps) {
  return (
    <label className={styles.tick}>
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.target.checked)} />
      <span dir="auto">{name}</span>
    </label>
  );
}

/** Tags some pair in use has, in alphabetical order. */
function useTags(project: Project): readonly string[] {
  const { stores } = useServices();
  const { value } = useLoaded(
    `tags/${project.id}/${project.data?.digest}`,
    async () => {
      const pairs = await stores.datasets.pairs(project.id);
      return [...new Set(pairs.filter(isInUse).flatMap(({ tags = [] }) => tags))].sort();
    },
    [`project/${project.id}`],
  );
  return value ?? [];
}
