import type { HistoryPoint } from "../../../core/domain/run";
import { LineChart } from "../../charts/LineChart";
import { formatCount } from "../../components/formatting";
import { joinChart, joinLossChart, joinSummary, type CurveSides } from "./joinCurve";
import styles from "./Members.module.css";

interface JoinCurveProps {
  readonly history: readonly HistoryPoint[];
  readonly sides: CurveSides;
  /** Steps the training will take, or has taken. */
  readonly steps: number;
}

/** How the training of one member goes or went: held-out recall, and the loss. */
export function JoinCurve({ history, sides, steps }: JoinCurveProps) {
  const newest = history.findLast(({ validation }) => validation)?.validation;
  const title = newest
    ? `Held-out recall@10 on validation: ${formatCount(newest.imageToText.queries)} ` +
      `${sides.joining} among ${formatCount(newest.imageToText.gallery)} ${sides.anchors}`
    : "Held-out recall@10 (validation)";
  const first = history[0];
  const last = history.at(-1);
  return (
    <div className={styles.curves}>
      <LineChart
        data={joinChart(history, { sides, steps })}
        height={220}
        labelWidth={168}
        title={title}
        summary={joinSummary(history, sides)}
        xLabel="Step"
      />
      <LineChart
        data={joinLossChart(history, steps)}
        height={220}
        labelWidth={12}
        title="Training loss"
        summary={
          first && last
            ? `Loss ${first.loss.toFixed(2)} → ${last.loss.toFixed(2)} after ${formatCount(last.step)} steps.`
            : "Loss: no step yet."
        }
        xLabel="Step"
      />
    </div>
  );
}
