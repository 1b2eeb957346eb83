import { useId, useState } from "react";
import type { LabelComparison } from "../../../core/domain/classification";
import { wilsonShare, type OperatingPoint } from "../../../core/metrics/precisionRecall";
import { LineChart } from "../../charts/LineChart";
import { ErrorNote } from "../../components/ErrorNote";
import { Estimate } from "../../components/Estimate";
import { formatCount, formatNumberOf, formatPercent } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import styles from "./LabelThreshold.module.css";
import type { Classified } from "./useClassify";
import { useLabelFocus } from "./useLabelFocus";

interface LabelThresholdProps {
  readonly result: Classified;
  /** Index into the labels. */
  readonly label: number;
}

/** One label against all others: precision and recall at a threshold on its probability. */
export function LabelThreshold({ result, label }: LabelThresholdProps) {
  const { project } = useProject();
  const { focus, error } = useLabelFocus(project, result, label);
  const [chosen, setChosen] = useState<{ label: number; threshold: number } | null>(null);
  if (error) return <ErrorNote error={error} />;
  const name = result.labels[label] ?? "";
  if (focus?.label !== label) return <p className="quiet">Comparing “{name}” with the others…</p>;
  const { curve, probabilities } = focus;
  const usual = curve ? curve.best.threshold : 0.5;
  const threshold = chosen?.label === label ? chosen.threshold : usual;
  const taken = probabilities.reduce((sum, p) => sum + Number(p >= threshold), 0);
  return (
    <section className="stack" aria-label={`Threshold for ${name}`}>
      <h3>“{name}” or not, by a threshold</h3>
      <ThresholdField
        value={threshold}
        onChange={(value) => setChosen({ label, threshold: value })}
      />
      <p>
        {formatNumberOf(taken, "image")} of {formatCount(probabilities.length)} have a probability
        of at least {formatPercent(threshold)}.
      </p>
      {curve ? (
        <Curve curve={curve} threshold={threshold} name={name} />
      ) : (
        <p className="quiet">
          Precision and recall need images known to be “{name}”: choose a column with the truth, and
          images that have it.
        </p>
      )}
    </section>
  );
}

interface ThresholdFieldProps {
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function ThresholdField({ value, onChange }: ThresholdFieldProps) {
  const id = useId();
  const percent = Math.round(value * 1000) / 10;
  const change = (text: string) => {
    const typed = Number(text) / 100;
    if (text !== "" && Number.isFinite(typed)) onChange(Math.min(1, Math.max(0, typed)));
  };
  return (
    <div className={styles.field}>
      <label htmlFor={id}>Threshold, in percent</label>
      <input
        type="range"
        min={0}
        max={100}
        step={0.1}
        value={percent}
        aria-label="Threshold as a slider"
        onChange={({ target }) => change(target.value)}
      />
      <input
        id={id}
        className="field"
        type="number"
        min={0}
        max={100}
        step={0.1}
        value={percent}
        onChange={({ target }) => change(target.value)}
      />
    </div>
  );
}

interface CurveProps {
  readonly curve: NonNullable<LabelComparison["curve"]>;
  readonly threshold: number;
  readonly name: string;
}

function Curve({ curve, threshold, name }: CurveProps) {
  const { points, positives, items, averagePrecision, best } = curve;
  const chance = positives / items;
  const at = points.findLast((point) => point.threshold >= threshold);
  const line = points.map(({ hits, flagged }) => ({ x: hits / positives, y: hits / flagged }));
  return (
    <>
      <dl className="facts">
        <dt>Precision</dt>
        <dd>{at ? <Share count={at.hits} of={at.flagged} chance={chance} /> : "nothing taken"}</dd>
        <dt>Recall</dt>
        <dd>
          <Share count={at?.hits ?? 0} of={positives} />
        </dd>
        <dt>Average precision</dt>
        <dd>
          {formatPercent(averagePrecision)}{" "}
          <span className="quiet">
            · {formatCount(positives)} of {formatCount(items)} images are “{name}”, so chance{" "}
            {formatPercent(chance)} · best F1 at {formatPercent(best.threshold)}
          </span>
        </dd>
      </dl>
      <LineChart
        title={`Precision over recall, “${name}” against the others`}
        summary={summaryOf(curve, name, at)}
        height={200}
        xLabel="recall"
        labelWidth={120}
        data={{
          ...{ xEnd: 1, isXContinuous: true, yMin: 0 },
          series: [
            { id: "precision", label: "precision", tone: "image", points: distinct(line) },
            ...(at ? [markOf(at, positives)] : []),
          ],
          references: [{ id: "chance", label: "chance", y: chance, kind: "chance" }],
          formatX: (x) => formatPercent(x, 0),
          formatY: (y) => formatPercent(y, 0),
        }}
      />
    </>
  );
}

const markOf = ({ hits, flagged }: OperatingPoint, positives: number) =>
  ({
    id: "chosen",
    label: "chosen threshold",
    tone: "ink",
    hasDots: true,
    points: [{ x: hits / positives, y: hits / flagged }],
  }) as const;

/** Of equal recalls the first has the best precision: what one would choose. */
function distinct(line: readonly { readonly x: number; readonly y: number }[]) {
  return line.filter(({ x }, i) => i === 0 || line[i - 1]!.x !== x);
}

function summaryOf(
  { averagePrecision, positives, items }: CurveProps["curve"],
  name: string,
  at: OperatingPoint | undefined,
): string {
  const area = `Average precision ${formatPercent(averagePrecision)} for “${name}”, chance ${formatPercent(positives / items)}.`;
  if (!at) return area;
  const precision = formatPercent(at.hits / at.flagged);
  return `${area} At the chosen threshold precision ${precision}, recall ${formatPercent(at.hits / positives)}.`;
}

interface ShareProps {
  readonly count: number;
  readonly of: number;
  readonly chance?: number;
}

function Share({ count, of, chance }: ShareProps) {
  return (
    <>
      <Estimate estimate={wilsonShare(count, of)} {...(chance === undefined ? {} : { chance })} />{" "}
      <span className="quiet">
        · {formatCount(count)} of {formatCount(of)}
      </span>
    </>
  );
}
