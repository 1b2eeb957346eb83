import { useState } from "react";
import type { StoredSweep } from "../../../core/domain/storedSweep";
import { LineChart } from "../../charts/LineChart";
import { formatCount, formatPercent } from "../../components/formatting";
import {
  CURVE_DIRECTIONS,
  curveChart,
  curveSummary,
  curveTitle,
  learningCurveOf,
  type CurveDirection,
  type CurvePoint,
  type LearningCurveData,
} from "./curveData";
import { curveAbout } from "./chartAbout";
import { ScrollTable } from "../../components/ScrollTable";
import styles from "./Sweep.module.css";

interface LearningCurveProps {
  readonly sweep: StoredSweep;
  /** Training pairs that share no item: what “all” stands for. */
  readonly unrelated: number;
}

const DIRECTION_NAMES: Readonly<Record<CurveDirection, string>> = {
  both: "both directions, mean",
  imageToText: "image → text",
  textToImage: "text → image",
};

const HEIGHT = 320;

/** A learning curve as far as its runs have ended, with its numbers in a table. */
export function LearningCurve({ sweep, unrelated }: LearningCurveProps) {
  const ks = (sweep.runs[0]?.recipe.evaluate.retrieval ?? []).map(String);
  const [direction, setDirection] = useState<CurveDirection>("both");
  const [chosenK, setK] = useState("10");
  const k = ks.includes(chosenK) ? chosenK : (ks.at(-1) ?? "10");
  const view = { direction, k };
  const curve = learningCurveOf(sweep, view, unrelated);
  return (
    <div className="stack tight">
      <div className={styles.choices}>
        <label>
          Recall at
          <select className="field" value={k} onChange={(event) => setK(event.target.value)}>
            {ks.map((value) => (
              <option key={value}>{value}</option>
            ))}
          </select>
        </label>
        <label>
          Direction
          <select
            className="field"
            value={direction}
            onChange={(event) => {
              const found = CURVE_DIRECTIONS.find((each) => each === event.target.value);
              if (found) setDirection(found);
            }}
          >
            {CURVE_DIRECTIONS.map((value) => (
              <option key={value} value={value}>
                {DIRECTION_NAMES[value]}
              </option>
            ))}
          </select>
        </label>
        <span className="quiet">
          {curve.ended < curve.asked &&
            `${formatCount(curve.ended)} of ${formatCount(curve.asked)} runs ended`}
        </span>
      </div>
      <LineChart
        data={curveChart(curve)}
        height={HEIGHT}
        labelWidth={200}
        title={curveTitle(curve, view)}
        summary={curveSummary(curve, view)}
        xLabel="Unrelated training pairs"
        about={curveAbout(sweep, curve)}
      />
      <p className="footnote">
        Line: mean over seeds. Band: lowest to highest of the seeds. Unrelated training pairs on a
        logarithmic axis. Every point is measured on the same held-out test pairs.
      </p>
      <CurveTable curve={curve} k={k} />
    </div>
  );
}

function CurveTable({ curve, k }: { readonly curve: LearningCurveData; readonly k: string }) {
  return (
    <ScrollTable label="Table of the learning curve">
      <caption className="visually-hidden">
        Test recall@{k} by method and number of unrelated training pairs: mean over seeds, lowest to
        highest
      </caption>
      <thead>
        <tr>
          <th scope="col">Method</th>
          {curve.sizes.map((size) => (
            <th scope="col" className="number" key={size}>
              {formatCount(size)} pairs
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {curve.lines.map(({ method, name, points }) => (
          <tr key={method}>
            <th scope="row">{name}</th>
            {curve.sizes.map((size) => (
              <td className="number" key={size}>
                <PointCell point={points.find((point) => point.size === size)} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function PointCell({ point }: { readonly point: CurvePoint | undefined }) {
  if (!point) return <span className="quiet">not yet</span>;
  const { mean, low, high, seeds } = point;
  return (
    <>
      {formatPercent(mean)}
      {seeds > 1 && (
        <span className={styles.range}>
          {(low * 100).toFixed(1)} to {(high * 100).toFixed(1)}, {seeds} seeds
        </span>
      )}
    </>
  );
}
