import { useMemo, useState } from "react";
import { isActive } from "../../../../app/jobs";
import { useServices } from "../../../../app/services";
import type { JobState } from "../../../../core/job";
import type { Run } from "../../../../core/domain/run";
import { EmptyState } from "../../../components/EmptyState";
import { ErrorNote } from "../../../components/ErrorNote";
import { formatCount, formatPercent } from "../../../components/formatting";
import { JobStatus } from "../../../components/JobStatus";
import { useProject } from "../../../components/projectContext";
import { ItemCache } from "../../../components/search/itemCache";
import { colouring, type ColourBy } from "./colouring";
import styles from "./Map.module.css";
import { MapCanvas } from "./MapCanvas";
import { MapControls, type MapSettings } from "./MapControls";
import { MapSide } from "./MapSide";
import { MapTable } from "./MapTable";
import { useMap, type JointMap } from "./useMap";
import { useMapSelection } from "./useMapSelection";

const START: MapSettings = {
  arrangement: "components",
  isCentred: true,
  colourBy: "modality",
  tool: "move",
  showsItems: true,
};

/** Both modalities of a run's space in one picture: to look at, select from, tag and exclude. */
export function MapTab({ run }: { readonly run: Run }) {
  const { stores } = useServices();
  const { project } = useProject();
  const [settings, setSettings] = useState(START);
  const [isTableOpen, setTableOpen] = useState(false);
  const needsScores = isTableOpen || ["rank", "cosine"].includes(settings.colourBy);
  const map = useMap(project, run, { ...settings, needsScores });
  const { model, index } = map;
  const selection = useMapSelection(model);
  const cache = useMemo(() => new ItemCache(stores.datasets, project.id), [stores, project.id]);
  const coloured = useMemo(
    () => (model ? colouring(model, settings.colourBy) : null),
    [model, settings.colourBy],
  );
  const change = (next: Partial<MapSettings>) => {
    setSettings((before) => ({ ...before, ...next }));
    if (next.arrangement === "neighbours" && !map.layout && !isActive(map.layoutJob)) map.layOut();
  };
  return (
    <div className="stack">
      <MapControls
        settings={settings}
        labels={model?.labels ?? []}
        hasMismatch={model?.mismatches != null}
        onChange={change}
      />
      {map.error && (
        <ErrorNote error={map.error}>
          <button type="button" className="button" onClick={map.retry}>
            Try again
          </button>
        </ErrorNote>
      )}
      <p className={styles.note} role="status">
        {model ? describe(map, settings) : "Drawing the map…"}
      </p>
      {model?.points === 0 && (
        <EmptyState title="No points to show">
          <p>No item of the pairs in use has an embedding. Encode them first.</p>
        </EmptyState>
      )}
      {model && index && coloured && model.points > 0 ? (
        <>
          <div className={styles.split}>
            <MapCanvas
              {...{ model, index, selection, cache }}
              colouring={coloured}
              tool={settings.tool}
              showsItems={settings.showsItems}
              arrangement={`${map.shown} ${settings.isCentred}`}
            >
              <MapJobs map={map} settings={settings} />
            </MapCanvas>
            <MapSide {...{ model, selection, cache }} colouring={coloured} />
          </div>
          <details
            className={styles.tableFold}
            onToggle={(event) => setTableOpen(event.currentTarget.open)}
          >
            <summary>Table of all points</summary>
            {isTableOpen && (
              <MapTable
                {...{ model, selection, cache }}
                places={index.places}
                column={labelColumn(settings.colourBy)}
              />
            )}
          </details>
        </>
      ) : (
        model === null && <div className={styles.waiting} />
      )}
    </div>
  );
}

const labelColumn = (by: ColourBy) =>
  by.startsWith("label:") ? by.slice("label:".length) : undefined;

/** What is being computed, over the map, so that the map stays where it is. */
function MapJobs({ map, settings }: { readonly map: JointMap; readonly settings: MapSettings }) {
  const { layoutJob, scoresJob, layout } = map;
  const isArranged = settings.arrangement === "neighbours";
  const why = isArranged && !isActive(layoutJob) ? whyAgain(map) : null;
  const busy = (isArranged && hasNews(layoutJob)) || hasNews(scoresJob);
  if (!busy && why === null) return null;
  return (
    <div className={styles.jobs}>
      {isArranged && (
        <JobStatus job={layoutJob} label="Laying out the map" onStop={map.stopLayout} />
      )}
      {why !== null && (
        <p className={styles.outcome}>
          <span>{why}</span>
          <button type="button" className="button" onClick={map.layOut}>
            {layout ? "Lay out again" : "Lay out"}
          </button>
        </p>
      )}
      <JobStatus job={scoresJob} label="Ranking held-out items" onStop={map.stopScores} />
      {(scoresJob.status === "failed" || scoresJob.status === "cancelled") && (
        <p className={styles.outcome}>
          <button type="button" className="button" onClick={map.rankAgain}>
            Rank again
          </button>
        </p>
      )}
    </div>
  );
}

const hasNews = ({ status }: JobState) => status !== "idle" && status !== "done";

/** Why a layout may be wanted once more; null when it is as it should be. */
function whyAgain({ lacksItems, isLayoutOld, layout, step }: JointMap): string | null {
  if (!layout) return "There is no layout yet.";
  if (lacksItems) return "This layout lacks some of the items.";
  if (isLayoutOld) {
    return `Laid out at step ${formatCount(layout.step)}; the run is at ${formatCount(step)}.`;
  }
  return layout.sampled === null ? "The layout was stopped on its way." : null;
}

function describe({ model, shown, explained, layout }: JointMap, settings: MapSettings): string {
  if (!model) return "";
  const counts = `${formatCount(model.images)} images and ${formatCount(model.points - model.images)} texts`;
  if (shown === "components") {
    const shares = `${formatPercent(explained[0])} of the variance across, ${formatPercent(explained[1])} upwards`;
    return `${counts} · ${shares}${settings.isCentred ? " after centring each side" : ""}`;
  }
  const others = layout?.sampled != null && layout.sampled < model.points;
  return others
    ? `${counts} · ${formatCount(layout.sampled)} different points laid out by their neighbours, the others beside their nearest`
    : `${counts} · near in the space is near here; distances between groups say little`;
}
