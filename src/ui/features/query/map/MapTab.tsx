import { useMemo, useState } from "react";
import { isActive } from "../../../../app/jobs";
import { useServices } from "../../../../app/services";
import type { Run } from "../../../../core/domain/run";
import { EmptyState } from "../../../components/EmptyState";
import { ErrorNote } from "../../../components/ErrorNote";
import { formatCount, formatPercent } from "../../../components/formatting";
import { JobStatus } from "../../../components/JobStatus";
import { useProject } from "../../../components/projectContext";
import { ItemCache } from "../itemCache";
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
    <div className={styles.tab}>
      <MapControls settings={settings} labels={model?.labels ?? []} onChange={change} />
      <MapStatus map={map} settings={settings} />
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
            />
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

function MapStatus({ map, settings }: { readonly map: JointMap; readonly settings: MapSettings }) {
  const { layoutJob, scoresJob, layout, model } = map;
  return (
    <>
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
      {settings.arrangement === "neighbours" && (
        <JobStatus job={layoutJob} label="Laying out the map" onStop={map.stopLayout} />
      )}
      {settings.arrangement === "neighbours" &&
        !isActive(layoutJob) &&
        (map.isLayoutOld || map.lacksItems || (layout && layout.sampled === null)) && (
          <p className={styles.note}>
            {map.lacksItems
              ? "This layout lacks some of the items."
              : map.isLayoutOld
                ? `Laid out at step ${formatCount(layout?.step ?? 0)}; the run is at ${formatCount(map.step)}.`
                : "The layout was stopped on its way."}{" "}
            <button type="button" className="button" onClick={map.layOut}>
              Lay out again
            </button>
          </p>
        )}
      <JobStatus job={scoresJob} label="Ranking held-out items" onStop={map.stopScores} />
    </>
  );
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
