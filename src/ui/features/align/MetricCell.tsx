import { Estimate } from "../../components/Estimate";
import { formatPercent } from "../../components/formatting";
import type { Metric } from "./runFacts";

/** A number of a run with its certainty: `69.4 % ± 2.6`, or over seeds `69.4 % ± 0.8 SD`. */
export function MetricCell({ metric }: { readonly metric: Metric }) {
  switch (metric.kind) {
    case "interval":
      return <Estimate estimate={metric.estimate} />;
    case "plain":
      return <span>{Number.isFinite(metric.value) ? metric.value.toFixed(3) : "n/a"}</span>;
    case "seeds": {
      const { mean, deviation, n } = metric.spread;
      return (
        <span style={{ whiteSpace: "nowrap" }} title={`Mean and standard deviation of ${n} seeds`}>
          {formatPercent(mean)}{" "}
          <span className="quiet">
            ± {(deviation * 100).toFixed(1)} SD of {n}
          </span>
        </span>
      );
    }
  }
}
