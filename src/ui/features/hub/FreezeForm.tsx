import { Link } from "wouter";
import { isActive } from "../../../app/jobs";
import { ErrorNote } from "../../components/ErrorNote";
import { formatPercent } from "../../components/formatting";
import { JobStatus } from "../../components/JobStatus";
import { useProject } from "../../components/projectContext";
import styles from "./HubPanel.module.css";
import { useFreeze, type Freeze } from "./useFreeze";

/** Chooses what is frozen as a hub, names it, and freezes it. */
export function FreezeForm() {
  const { canEdit } = useProject();
  const freeze = useFreeze();
  const { error, isKnown, job, kind, name, setName } = freeze;
  const isBusy = isActive(job);
  return (
    <form
      className={`stack section ${styles.section}`}
      aria-labelledby="freeze"
      onSubmit={(event) => {
        event.preventDefault();
        void freeze.freeze();
      }}
    >
      <h2 id="freeze">Make a hub</h2>
      {error && <ErrorNote error={error} />}
      {isKnown && <Sources freeze={freeze} />}
      <label className={styles.stacked}>
        Name
        <input
          className="field"
          value={name}
          maxLength={200}
          onChange={({ target }) => setName(target.value)}
        />
      </label>
      <div>
        <button type="submit" className="button primary" disabled={!canEdit || !isKnown || isBusy}>
          {kind === "run" ? "Freeze this run as a hub" : "Start from the text encoder"}
        </button>
      </div>
      <JobStatus
        job={job}
        label="Freezing the space"
        onStop={freeze.stop}
        onDismiss={freeze.dismiss}
      />
    </form>
  );
}

function Sources({ freeze }: { readonly freeze: Freeze }) {
  const { project } = useProject();
  const { runs, run, kind, chooseKind, chooseRun } = freeze;
  const aligns = (project.data?.media ?? "image") === "image";
  return (
    <fieldset className={styles.sources}>
      <legend className="visually-hidden">What is frozen</legend>
      {aligns && (
        <div>
          <label>
            <input
              type="radio"
              name="hub-source"
              checked={kind === "run"}
              disabled={runs.length === 0}
              onChange={() => chooseKind("run")}
            />{" "}
            Freeze a run: images and captions are the first members
          </label>
          {runs.length === 0 && (
            <p className="quiet">
              No run is finished yet. <Link href={`/p/${project.id}/align`}>Align the pairs</Link>{" "}
              first.
            </p>
          )}
          {run && kind === "run" && (
            <select
              className="field"
              aria-label="Run to freeze"
              value={run.id}
              onChange={({ target }) => chooseRun(target.value)}
            >
              {runs.map(({ id, name, test }) => (
                <option key={id} value={id}>
                  {name}
                  {test?.textToImage.recall["10"] &&
                    `, recall@10 ${formatPercent(test.textToImage.recall["10"].value)}`}
                </option>
              ))}
            </select>
          )}
        </div>
      )}
      <div>
        <label>
          <input
            type="radio"
            name="hub-source"
            checked={kind === "text-encoder"}
            onChange={() => chooseKind("text-encoder")}
          />{" "}
          Start from the text encoder alone
        </label>
        <p className="quiet">
          The space of the project’s text encoder, as it is, with captions as the only member: for
          sounds or recordings without pictures.
        </p>
      </div>
    </fieldset>
  );
}
