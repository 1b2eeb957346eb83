import { useState } from "react";
import { Aligning } from "../../../app/aligning";
import { useJob } from "../../../app/services";
import type { Run } from "../../../core/domain/run";
import { LineChart } from "../../charts/LineChart";
import { Choice } from "../../components/Choice";
import {
  mergedBaselines,
  mergedHistory,
  recallChart,
  recallSummary,
  recallTitle,
  smallChart,
  smallSummary,
} from "./runCurve";
import { recallAbout, runLine } from "./chartAbout";
import styles from "./RunView.module.css";
import { useLiveRun } from "./useRuns";

const RECALL_HEIGHT = 320;
const SMALL_HEIGHT = 140;

/** How a training goes: held-out recall over the baselines, loss and logit scale. */
export function RunCharts({ run }: { readonly run: Run }) {
  const live = useLiveRun(run.id);
  const ks = run.recipe.evaluate.retrieval.map(String);
  const [k, setK] = useState(ks.includes("10") ? "10" : (ks[0] ?? "1"));
  const history = mergedHistory(run.history, live.points);
  const baselines = mergedBaselines(run.baselines, live.baselines);
  const steps = useSteps(run, history.at(-1)?.step ?? 0);
  const curve = { history, baselines, k, steps };
  return (
    <>
      <div className={styles.recall}>
        <Choice
          legend="Recall at"
          options={ks.map((value) => [value, `@${value}`] as const)}
          value={k}
          onChange={setK}
        />
        <LineChart
          data={recallChart(curve)}
          height={RECALL_HEIGHT}
          labelWidth={168}
          title={recallTitle(history, k)}
          summary={recallSummary(curve)}
          xLabel="Step"
          about={recallAbout(run, curve)}
        />
        <p className="footnote">
          Band: 95 % interval over queries. Dashed levels: closed forms and chance, mean of both
          directions.
        </p>
      </div>
      <div className={styles.small}>
        {(["loss", "logitScale"] as const).map((value) => (
          <LineChart
            key={value}
            data={smallChart(history, value, steps)}
            height={SMALL_HEIGHT}
            labelWidth={12}
            title={value === "loss" ? "Training loss" : "Logit scale"}
            summary={smallSummary(history, value)}
            xLabel="Step"
            about={[runLine(run)]}
          />
        ))}
      </div>
    </>
  );
}

/** Right end of the step axis: where a run will end, or where it has ended. */
function useSteps({ id, status, training }: Run, last: number): number {
  const job = useJob(Aligning.job(id));
  if (status === "done" || status === "stopped") return last;
  // The stored record learns what `auto` stood for only when training ends.
  const progress = job.status === "running" ? job.progress : undefined;
  const planned = progress?.stage === "train" ? progress.total : (training?.steps ?? 1);
  return Math.max(planned, last);
}
