import { lazy, Suspense, type ReactNode } from "react";
import { Link } from "wouter";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNote } from "../../components/ErrorNote";
import { JoinsHub } from "../../components/JoinsHub";
import { SelectField } from "../../components/SelectField";
import { useProject } from "../../components/projectContext";
import { StepHead } from "../../components/StepHead";
import { ClassifyTab } from "./ClassifyTab";
import styles from "./QueryPanel.module.css";
import { QueryTabs } from "./QueryTabs";
import { SearchTab } from "./SearchTab";
import { useQuery } from "./useQuery";
import { useQueryPlace } from "./useQueryPlace";
import { useLiveRun, useQueryRun } from "./useQueryRun";

const MapTab = lazy(async () => ({ default: (await import("./map/MapTab")).MapTab }));
const DoctorTab = lazy(async () => ({ default: (await import("./doctor/DoctorTab")).DoctorTab }));

/** The Query step: search in both directions, classify by words, look at the whole space. */
export function QueryPanel() {
  const { project, canEdit } = useProject();
  const { loading, error, started, runs, run, choose } = useQueryRun(project, canEdit);
  const query = useQuery();
  const { tab, open } = useQueryPlace();
  if (!project.data) {
    return (
      <Missing title="Nothing to search yet" step="data" action="Add data">
        Searching needs pairs of images and captions, an embedding of each, and a run that aligned
        them.
      </Missing>
    );
  }
  const { media } = project.data;
  if (!run && !loading && media !== "image") {
    return (
      <>
        <h1>Query</h1>
        {error && <ErrorNote error={error} />}
        <JoinsHub media={media} instead="searched here" tab="query" />
      </>
    );
  }
  if (!run) {
    if (loading) return <h1>Query</h1>;
    return (
      <Missing
        title={started ? "The run has no checkpoint yet" : "No run yet"}
        step="align"
        action={started ? "Watch it" : "Align the pairs"}
        error={error}
      >
        {started
          ? "A run can be searched from its first checkpoint on, a few seconds after it starts."
          : "Words and pictures can be compared once a run has aligned both sides."}
      </Missing>
    );
  }
  return (
    <div className="stack">
      <StepHead title="Query" tabs={<QueryTabs tab={tab} onOpen={open} />}>
        {runs.length > 1 && (
          <SelectField
            labelled="beside"
            label="Run"
            options={runs}
            value={run.id}
            onChange={choose}
          />
        )}
        <LiveMark runId={run.id} />
      </StepHead>
      {error && <ErrorNote error={error} />}
      <div role="tabpanel" id="query-panel" aria-labelledby={`tab-${tab}`}>
        <Suspense fallback={<p className="quiet">Loading…</p>}>
          {tab === "search" && <SearchTab run={run} query={query} />}
          {tab === "classify" && <ClassifyTab run={run} />}
          {tab === "map" && <MapTab run={run} />}
          {tab === "doctor" && <DoctorTab run={run} />}
        </Suspense>
      </div>
    </div>
  );
}

/** Says that results follow a training that is still going on, and how far it is. */
function LiveMark({ runId }: { readonly runId: string }) {
  const step = useLiveRun(runId).points.at(-1)?.step;
  if (step === undefined) return null;
  return (
    <span className={styles.live}>
      <span className={styles.dot} aria-hidden="true" /> training · step {step}
    </span>
  );
}

interface MissingProps {
  readonly title: string;
  readonly step: "data" | "align";
  readonly action: string;
  readonly error?: ReturnType<typeof useQueryRun>["error"];
  readonly children: ReactNode;
}

function Missing({ title, step, action, error, children }: MissingProps) {
  const { project } = useProject();
  return (
    <>
      <h1>Query</h1>
      {error && <ErrorNote error={error} />}
      <EmptyState title={title}>
        <p>{children}</p>
        <Link className="button" href={`/p/${project.id}/${step}`}>
          {action}
        </Link>
      </EmptyState>
    </>
  );
}
