import { useState } from "react";
import { Link } from "wouter";
import { useLoaded, useServices } from "../../../app/services";
import { mainRun } from "../../../core/domain/mainRun";
import { portableRecipe } from "../../../core/domain/portableRecipe";
import { encodeRecipeLink } from "../../../core/formats/recipeLink";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNote } from "../../components/ErrorNote";
import { formatBytes } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import { saveFile } from "../../components/saveFile";
import { CopyButton } from "../../components/CopyButton";
import { resultFiles, type ResultFile } from "../../../core/formats/resultFiles";
import { SearchPageRow } from "./SearchPageRow";
import { ProjectFileRow } from "./ProjectFileRow";
import styles from "./TakeAwayPanel.module.css";

/** The Take away step: the files of a run, each with its size and first lines. */
export function TakeAwayPanel() {
  const { project } = useProject();
  const { stores } = useServices();
  const { value: runs, error } = useLoaded(
    `runs/${project.id}`,
    () => stores.runs.list(project.id),
    [`runs/${project.id}`],
  );
  const [chosen, choose] = useState<string | null>(null);
  const run = runs?.find(({ id }) => id === chosen) ?? mainRun(runs ?? []) ?? runs?.[0];
  return (
    <div className={styles.panel}>
      <div className={styles.top}>
        <h1>Take away</h1>
        {runs && runs.length > 1 && run && (
          <label className={styles.run}>
            <span className="quiet">Run</span>
            <select
              className="field"
              value={run.id}
              onChange={(event) => choose(event.target.value)}
            >
              {runs.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {error && <ErrorNote error={error} />}
      {runs?.length === 0 && (
        <EmptyState title="Nothing to take away yet">
          <p>A run leaves as its recipe, its results and its training curve.</p>
          <Link className="button" href={`/p/${project.id}/align`}>
            Align the pairs
          </Link>
        </EmptyState>
      )}
      {run && (
        <ul className={styles.files}>
          {resultFiles(run, project).map((file) => (
            <FileRow
              key={file.name}
              file={file}
              link={
                file.name === "recipe.json"
                  ? encodeRecipeLink(portableRecipe(run.recipe, project))
                  : undefined
              }
            />
          ))}
        </ul>
      )}
      {run && <SearchPageRow key={run.id} project={project} run={run} />}
      <ul className={styles.files}>
        <ProjectFileRow project={project} />
      </ul>
      {run && !run.test && <p className="quiet">Results join this list when the run has ended.</p>}
    </div>
  );
}

const PREVIEW_LINES = 2;

interface FileRowProps {
  readonly file: ResultFile;
  /** Hash part of a link that opens the same experiment. */
  readonly link: string | undefined;
}

function FileRow({ file: { name, type, purpose, text }, link }: FileRowProps) {
  const blob = new Blob([text], { type });
  const lines = type === "application/json" ? text.replace(/^\{\n/, "") : text;
  return (
    <li className={styles.file}>
      <div>
        <h2 className={styles.name}>
          {name} <span className="quiet">{formatBytes(blob.size)}</span>
        </h2>
        <p className="quiet">{purpose}</p>
        <pre className={`mono ${styles.preview}`}>
          {lines.split("\n").slice(0, PREVIEW_LINES).join("\n")}
        </pre>
        {name === "recipe.json" && (
          <details>
            <summary>Whole recipe</summary>
            <pre
              className={`mono ${styles.whole}`}
              role="region"
              tabIndex={0}
              aria-label="Recipe as JSON"
            >
              {text}
            </pre>
          </details>
        )}
      </div>
      <div className={styles.actions}>
        <button
          type="button"
          className="button"
          aria-label={`Download ${name}`}
          onClick={() => saveFile(name, blob)}
        >
          Download
        </button>
        {name === "recipe.json" && <CopyButton name="Copy" text={() => text} />}
        {link && (
          <CopyButton
            name="Copy link"
            text={() => `${location.origin}${location.pathname}#${link}`}
          />
        )}
      </div>
    </li>
  );
}
