import { useState } from "react";
import { Link } from "wouter";
import { useLoaded, useServices } from "../../../app/services";
import { mainRun } from "../../../core/domain/mainRun";
import { portableRecipe } from "../../../core/domain/portableRecipe";
import type { Project } from "../../../core/domain/project";
import type { Run } from "../../../core/domain/run";
import type { TakeAwayListing } from "../../../core/domain/takeAway";
import { encodeRecipeLink } from "../../../core/formats/recipeLink";
import { resultFiles } from "../../../core/formats/resultFiles";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNote } from "../../components/ErrorNote";
import { ITEM_NOUNS } from "../../components/modalityWords";
import { SelectField } from "../../components/SelectField";
import { useProject } from "../../components/projectContext";
import { StepHead } from "../../components/StepHead";
import { DownloadAll } from "./DownloadAll";
import { EmbeddingsRow } from "./EmbeddingsRow";
import { ModelRow } from "./ModelRow";
import { PairsRow } from "./PairsRow";
import { ProjectFileRow } from "./ProjectFileRow";
import { ResultRow } from "./ResultRow";
import { SearchPageRow } from "./SearchPageRow";
import styles from "./TakeAwayPanel.module.css";
import { useListing } from "./useTakeAway";

/** The Take away step: all that can leave, each with its size and first lines. */
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
      <StepHead title="Take away">
        {runs && runs.length > 1 && run && (
          <SelectField
            labelled="beside"
            label="Run"
            options={runs}
            value={run.id}
            onChange={choose}
          />
        )}
      </StepHead>
      {error && <ErrorNote error={error} />}
      {!project.data && (
        <EmptyState title="Nothing to take away yet">
          <p>Pairs, embeddings, models and searches leave from here once there are some.</p>
          <Link className="button" href={`/p/${project.id}/data`}>
            Import data
          </Link>
        </EmptyState>
      )}
      {project.data && runs && <Files key={run?.id ?? ""} project={project} run={run} />}
    </div>
  );
}

interface FilesProps {
  readonly project: Project;
  readonly run: Run | undefined;
}

function Files({ project, run }: FilesProps) {
  const { value: listing, error } = useListing(project, run);
  const link = run && encodeRecipeLink(portableRecipe(run.recipe, project));
  return (
    <>
      {error && <ErrorNote error={error} />}
      {listing && <DownloadAll project={project} run={run} listing={listing} />}
      <ul aria-label="What can leave" aria-busy={!listing && !error}>
        {listing && run && listing.model && (
          <ModelRow project={project} run={run} listing={listing} model={listing.model} />
        )}
        {listing && <DataRows project={project} run={run} listing={listing} />}
        {run &&
          resultFiles(run, project).map((file) => (
            <ResultRow
              key={file.name}
              file={file}
              link={file.name === "recipe.json" ? link : undefined}
            />
          ))}
        {run && (
          <li className={styles.framed}>
            <SearchPageRow project={project} run={run} />
          </li>
        )}
        <ProjectFileRow project={project} />
      </ul>
      {!listing && !error && <p className="quiet">Measuring what can leave</p>}
      {run && !run.test && <p className="quiet">Results join this list when the run has ended.</p>}
    </>
  );
}

function DataRows({ project, run, listing }: FilesProps & { readonly listing: TakeAwayListing }) {
  const { embeddings, pairs, why } = listing;
  const media = project.data?.media ?? "image";
  return (
    <>
      {why !== null && (
        <li className={styles.missing}>
          <h2 className={styles.name}>Aligned model</h2>
          {media === "image" ? (
            <p className="quiet">
              Joins this list once there is one: {why}.{" "}
              <Link href={`/p/${project.id}/align`}>Align the pairs</Link>
            </p>
          ) : (
            <p className="quiet">
              The {ITEM_NOUNS[media]}s join a hub, and their projector leaves from there as a sense
              pack. <Link href={`/p/${project.id}/hub`}>Open the Hub screen</Link>
            </p>
          )}
        </li>
      )}
      {(["image", "text"] as const).map((side) => {
        const listed = embeddings[side];
        return (
          listed && (
            <EmbeddingsRow
              key={side}
              project={project}
              runId={run?.id ?? null}
              side={side}
              listed={listed}
            />
          )
        );
      })}
      <PairsRow project={project} pairs={pairs} />
    </>
  );
}
