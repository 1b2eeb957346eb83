import type { Estimate as EstimateValue } from "../../core/domain/evaluation";
import { formatPercent } from "./formatting";

interface EstimateProps {
  readonly estimate: EstimateValue;
  /** What guessing would give, in [0, 1]. */
  readonly chance?: number;
}

/** A share with half its 95 % interval: `69.4 % ± 2.6`. One that is exact, as chance, has none. */
export function Estimate({ estimate: { value, low, high }, chance }: EstimateProps) {
  if (!Number.isFinite(value)) return <span>n/a</span>;
  const half = ((high - low) / 2) * 100;
  const interval =
    half === 0 ? undefined : `95 % interval ${formatPercent(low)} to ${formatPercent(high)}`;
  return (
    <span title={interval} style={{ whiteSpace: "nowrap" }}>
      {formatPercent(value)}
      {half > 0 && <span className="quiet"> ± {half.toFixed(1)}</span>}
      {chance !== undefined && <span className="quiet"> · chance {formatPercent(chance)}</span>}
    </span>
  );
}
