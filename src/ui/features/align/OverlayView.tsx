import { useState, useSyncExternalStore } from "react";
import { useServices } from "../../../app/services";
import type { Run } from "../../../core/domain/run";
import { LineChart } from "../../charts/LineChart";
import { Choice } from "../../components/Choice";
import { formatCount } from "../../components/formatting";
import { overlayAbout } from "./chartAbout";
import styles from "./CompareRuns.module.css";
import {
  hasCurve,
  MAX_OVERLAID,
  overlayChart,
  overlaySummary,
  overlayTitle,
  type OverlaidRun,
  type OverlayChoice,
} from "./overlay";
import { mergedHistory } from "./runCurve";

const HEIGHT = 320;
const MOST_SMOOTHING = 0.99;

/** The curves of the chosen runs over each other. */
export function OverlayView({ runs }: { readonly runs: readonly Run[] }) {
  const overlaid = useHistories(runs);
  const ks = [...new Set(runs.flatMap(({ recipe }) => recipe.evaluate.retrieval.map(String)))];
  const [choice, setChoice] = useState<OverlayChoice>({
    value: ks.includes("10") ? "10" : (ks[0] ?? "1"),
    x: "step",
    smoothing: 0,
    isXLog: false,
    isYLog: false,
  });
  const drawn = overlaid.filter((each) => hasCurve(each, choice.value));
  const flat = overlaid.filter((each) => !hasCurve(each, choice.value));
  return (
    <div className="stack">
      <OverlayControls ks={ks} choice={choice} onChange={setChoice} />
      {drawn.length > 0 && (
        <LineChart
          data={overlayChart(drawn, choice)}
          height={HEIGHT}
          labelWidth={184}
          title={overlayTitle(choice)}
          summary={overlaySummary(drawn, choice)}
          xLabel={choice.x === "step" ? "Step" : "Training time"}
          about={overlayAbout(
            drawn.slice(0, MAX_OVERLAID).map(({ run }) => run),
            choice,
          )}
        />
      )}
      {drawn.length > MAX_OVERLAID && (
        <p className="quiet">
          The first {MAX_OVERLAID} of {formatCount(drawn.length)} curves: more lines cannot be told
          apart.
        </p>
      )}
      {flat.length > 0 && (
        <p className="quiet">
          Without a curve: {flat.map(({ run }) => run.name).join(", ")}. Closed forms take one step;
          their results are compared below.
        </p>
      )}
    </div>
  );
}

interface OverlayControlsProps {
  readonly ks: readonly string[];
  readonly choice: OverlayChoice;
  readonly onChange: (choice: OverlayChoice) => void;
}

function OverlayControls({ ks, choice, onChange }: OverlayControlsProps) {
  const isLoss = choice.value === "loss";
  const radios = <K extends "value" | "x">(
    key: K,
    legend: string,
    options: readonly (readonly [OverlayChoice[K], string])[],
  ) => (
    <Choice
      legend={legend}
      options={options}
      value={choice[key]}
      onChange={(value) => onChange({ ...choice, [key]: value })}
    />
  );
  return (
    <div className={styles.controls}>
      {radios("value", "Curve", [
        ...ks.map((k) => [k, `Recall@${k}`] as const),
        ["loss", "Loss"] as const,
      ])}
      {radios("x", "Over", [
        ["step", "Steps"],
        ["time", "Time"],
      ])}
      <Smoothing
        value={choice.smoothing}
        onChange={(smoothing) => onChange({ ...choice, smoothing })}
      />
      <label className={styles.tick}>
        <input
          type="checkbox"
          checked={choice.isXLog}
          onChange={(event) => onChange({ ...choice, isXLog: event.target.checked })}
        />
        Log x
      </label>
      <label className={styles.tick}>
        <input
          type="checkbox"
          checked={choice.isYLog && isLoss}
          disabled={!isLoss}
          onChange={(event) => onChange({ ...choice, isYLog: event.target.checked })}
        />
        Log y {!isLoss && <span className="visually-hidden">(for the loss only)</span>}
      </label>
    </div>
  );
}

interface SmoothingProps {
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** A slider and the number it stands for, to drag or to type. */
function Smoothing({ value, onChange }: SmoothingProps) {
  const set = (text: string) => {
    const asked = Number(text);
    if (Number.isFinite(asked)) onChange(Math.min(MOST_SMOOTHING, Math.max(0, asked)));
  };
  const common = { min: 0, max: MOST_SMOOTHING, step: 0.01, value };
  return (
    <div className={styles.smoothing}>
      <span>Smoothing</span>
      <input
        type="range"
        aria-label="Smoothing, as a slider"
        {...common}
        onChange={(event) => set(event.target.value)}
      />
      <input
        type="number"
        className="field"
        aria-label="Smoothing"
        {...common}
        onChange={(event) => set(event.target.value)}
      />
    </div>
  );
}

/** Stored histories, with what the one run that trains has reported since. */
function useHistories(runs: readonly Run[]): readonly OverlaidRun[] {
  const { live } = useServices();
  const reports = (run: Run) => live.get(run.id);
  const training = useSyncExternalStore(live.subscribe, () =>
    runs.map(reports).find(({ points }) => points.length > 0),
  );
  return runs.map((run) => ({
    run,
    history:
      training && reports(run) === training
        ? mergedHistory(run.history, training.points)
        : run.history,
  }));
}
