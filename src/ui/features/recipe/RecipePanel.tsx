import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useStoredEncoders } from "../../../app/services";
import type { RecipeResults, SweepResults } from "../../../core/domain/recipeResults";
import { METHODS } from "../../../core/catalogue/methods";
import { BASELINE_IDS } from "../../../core/domain/evaluation";
import { DownloadConsent } from "../../components/DownloadConsent";
import { Estimate } from "../../components/Estimate";
import { ErrorNote } from "../../components/ErrorNote";
import { formatCount, formatDuration } from "../../components/formatting";
import { RetrievalTables } from "../../components/RetrievalTables";
import { askablePart, LinkedQueryNote, queryPath } from "./LinkedQueryNote";
import { RecipeFiles } from "./RecipeFiles";
import styles from "./RecipePanel.module.css";
import { RecipePreview } from "./RecipePreview";
import { RecipeSteps } from "./RecipeSteps";
import { SaveResults } from "./SaveResults";
import { SweepTable } from "./SweepTable";
import { useRecipe } from "./useRecipe";

/** A recipe opened from a link or file: what it will do, then how it goes, then what it gave. */
export function RecipePanel() {
  const { sweep, error, files, setFiles, run, start, missing } = useRecipe();
  const [location] = useLocation();
  const [asking, setAsking] = useState(false);
  useStoredEncoders(); // drawn anew when an encoder arrives
  const recipe = sweep?.recipes[0];
  if (!sweep || !recipe) {
    return (
      <div className={styles.panel}>
        <h1>Recipe</h1>
        {error && <ErrorNote error={error} />}
        <Link href="/">All projects</Link>
      </div>
    );
  }
  const needsFiles = "path" in recipe.data;
  return (
    <div className={styles.panel}>
      <h1>{recipe.name}</h1>
      <RecipePreview sweep={sweep} />
      <LinkedQueryNote location={location} />
      {error && <ErrorNote error={error} />}
      {!run && !error && (
        <>
          {needsFiles && <RecipeFiles recipe={recipe} files={files} onFiles={setFiles} />}
          <div className={styles.start}>
            <button
              type="button"
              className="button primary"
              disabled={needsFiles && files.length === 0}
              onClick={() => (missing.length > 0 ? setAsking(true) : void start(sweep))}
            >
              {/* One name for one and for many: the command line presses it, too. */}
              Run recipe
            </button>
            <span className="quiet">
              Nothing has been read, downloaded or started yet.
              {"sample" in recipe.data &&
                missing.length === 0 &&
                " Everything it needs is here already."}
              {missing.length > 0 && " You are asked before an encoder is downloaded."}
            </span>
          </div>
          <DownloadConsent
            encoders={asking ? missing : []}
            then="and run"
            onAgree={() => {
              setAsking(false);
              void start(sweep, true);
            }}
            onClose={() => setAsking(false)}
          />
        </>
      )}
      {run && <RecipeSteps run={run} />}
      {run?.error && <ErrorNote error={run.error} />}
      {run?.status === "stopped" && <p className="quiet">Stopped. Finished work is kept.</p>}
      {run?.results &&
        ("sweep" in run.results ? (
          <SweepTable results={run.results} />
        ) : (
          <Results results={run.results} />
        ))}
      {run?.projectId && run.status !== "running" && (
        <p>
          <Link href={pathToOpen(run.projectId, run.results, askablePart(location))}>
            Open the project
          </Link>
        </p>
      )}
    </div>
  );
}

/** Where one looks next: at the query of the link, at the runs of a sweep, at the search. */
function pathToOpen(
  projectId: string,
  results: RecipeResults | SweepResults | null,
  part: string | undefined,
): string {
  if (!results) return `/p/${projectId}/data`;
  if (part !== undefined) return queryPath(projectId, part);
  return `/p/${projectId}/${"sweep" in results ? "align" : "query"}`;
}

function Results({ results }: { readonly results: RecipeResults }) {
  const { test, baselines, timings, splits, warnings } = results;
  const listed = BASELINE_IDS.flatMap((id) => {
    const found = baselines[id];
    return found ? [{ id, test: found }] : [];
  });
  const { alignMs = 0, encodeMs = 0, queryMs = 0 } = timings;
  return (
    <section className="stack" aria-label="Results">
      <h2>Test results</h2>
      <p className="quiet">
        {formatCount(splits.train)} training, {formatCount(splits.validation)} validation and{" "}
        {formatCount(splits.test)} test pairs · encoded in {formatDuration(encodeMs)} · aligned in{" "}
        {formatDuration(alignMs)} · a query takes {formatDuration(queryMs)}
      </p>
      <RetrievalTables
        name={METHODS.find(({ id }) => id === results.method)?.name ?? results.method}
        test={test}
        baselines={listed}
      />
      {test.zeroShot && (
        <p>
          Zero-shot: <Estimate estimate={test.zeroShot.top1} chance={1 / test.zeroShot.classes} />{" "}
          <span className="quiet">over {formatCount(test.zeroShot.classes)} classes</span>
        </p>
      )}
      {warnings.map(({ code, message, detail }) => (
        <p key={code}>
          {message} <span className="quiet">{detail}</span>
        </p>
      ))}
      <SaveResults results={results} />
    </section>
  );
}
