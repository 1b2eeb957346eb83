import type { Run } from "../../../core/domain/run";
import type { RunComparison, ScoreDifference } from "../../../core/metrics/compareRuns";
import { DIRECTION_NAMES, DIRECTIONS } from "../../components/directions";
import { ErrorNote } from "../../components/ErrorNote";
import { Estimate } from "../../components/Estimate";
import { formatCount, formatPercent } from "../../components/formatting";
import { Term } from "../../components/Term";
import { ScrollTable } from "../../components/ScrollTable";
import styles from "./CompareRuns.module.css";
import { formatDifference, formatP, verdict } from "./compareWords";
import { MetricCell } from "./MetricCell";
import { useRunComparison } from "./useRunComparison";

interface RunDifferenceProps {
  readonly before: Run;
  readonly after: Run;
}

/** Test results of two runs side by side, with what can be said about their differences. */
export function RunDifference({ before, after }: RunDifferenceProps) {
  const { value: comparison, error } = useRunComparison(before, after);
  if (!before.test || !after.test) {
    return <p>Results are compared once both runs have ended.</p>;
  }
  return (
    <>
      {error && <ErrorNote error={error} />}
      <p role="status" className={styles.verdict}>
        {comparison
          ? comparisonWords(comparison, before, after)
          : error
            ? ""
            : "Comparing query by query…"}
      </p>
      <DifferenceTable
        before={before}
        after={after}
        differences={comparison?.kind === "compared" ? comparison.differences : []}
      />
      {[before, after].some(({ seedResults }) => seedResults.length > 1) && (
        <p className="quiet">
          Of runs of several seeds, the kept seed is compared: chance between seeds comes on top.
        </p>
      )}
    </>
  );
}

function comparisonWords(comparison: RunComparison, before: Run, after: Run): string {
  switch (comparison.kind) {
    case "compared":
      return verdict(comparison, { before: before.name, after: after.name });
    case "other-queries":
      return "Not the same test queries: the runs have different data or splits, so query by query they cannot be compared.";
    case "no-ranks":
      return `No ranks are stored of ${comparison.runs.map((name) => `“${name}”`).join(" and ")}, which an earlier version evaluated: run it again to compare query by query.`;
  }
}

interface DifferenceTableProps extends RunDifferenceProps {
  readonly differences: readonly ScoreDifference[];
}

function DifferenceTable({ before, after, differences }: DifferenceTableProps) {
  return (
    <ScrollTable label="Test results side by side">
      <thead>
        <tr>
          <th scope="col">Measure</th>
          <th scope="col" className="number">
            {before.name}
          </th>
          <th scope="col" className="number">
            {after.name}
          </th>
          <th scope="col" className="number">
            <Term explanation="Paired bootstrap: 2,000 resamples of the queries, both runs' answers to a query drawn together; captions of one image are drawn together too.">
              Difference, 95 % interval
            </Term>
          </th>
          <th scope="col" className="number">
            <Term explanation="How often resampling alone moves the difference that far. Two-sided, not corrected for the number of rows; the sentence above is (Holm).">
              p
            </Term>
          </th>
        </tr>
      </thead>
      {DIRECTIONS.map((direction) => (
        <DirectionRows key={direction} {...{ before, after, differences, direction }} />
      ))}
      {before.zeroShot && after.zeroShot && before.zeroShot.label === after.zeroShot.label && (
        <tbody>
          <tr>
            <th scope="row">Zero-shot “{before.zeroShot.label}” top 1</th>
            {[before.zeroShot, after.zeroShot].map(({ top1 }, i) => (
              <td key={i} className="number">
                <Estimate estimate={top1} />
              </td>
            ))}
            <td className="number">
              {formatDifference(after.zeroShot.top1.value - before.zeroShot.top1.value, "1")}
            </td>
            <td />
          </tr>
        </tbody>
      )}
    </ScrollTable>
  );
}

interface DirectionRowsProps extends DifferenceTableProps {
  readonly direction: (typeof DIRECTIONS)[number];
}

function DirectionRows({ before, after, differences, direction }: DirectionRowsProps) {
  const [a, b] = [before.test?.[direction], after.test?.[direction]];
  if (!a || !b) return null;
  const ks = Object.keys(a.recall).filter((k) => k in b.recall);
  const gallery =
    a.gallery === b.gallery
      ? `gallery of ${formatCount(a.gallery)}`
      : `galleries of ${formatCount(a.gallery)} and ${formatCount(b.gallery)}`;
  const found = (score: string) =>
    differences.find((each) => each.direction === direction && each.score === score);
  const cellsOf = (difference: ScoreDifference | undefined) => (
    <>
      <td className="number">{difference && <Difference difference={difference} />}</td>
      <td className="number">{difference && formatP(difference.p)}</td>
    </>
  );
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={5}>
          {DIRECTION_NAMES[direction]}, {gallery}
        </th>
      </tr>
      {ks.map((k) => (
        <tr key={k}>
          <th scope="row">recall@{k}</th>
          {[a, b].map(({ recall }, i) => (
            <td key={i} className="number">
              {recall[k] && <Estimate estimate={recall[k]} />}
            </td>
          ))}
          {cellsOf(found(k))}
        </tr>
      ))}
      <tr>
        <th scope="row">MRR</th>
        {[a, b].map(({ meanReciprocalRank }, i) => (
          <td key={i} className="number">
            <MetricCell metric={{ kind: "plain", value: meanReciprocalRank }} />
          </td>
        ))}
        {cellsOf(found("mrr"))}
      </tr>
      <tr>
        <th scope="row">median rank</th>
        {[a, b].map(({ medianRank }, i) => (
          <td key={i} className="number">
            {formatCount(medianRank)}
          </td>
        ))}
        <td className="number" />
        <td />
      </tr>
    </tbody>
  );
}

function Difference({
  difference: { difference, low, high, score },
}: {
  readonly difference: ScoreDifference;
}) {
  const of = (value: number) => formatDifference(value, score);
  const interval = `${of(low)} to ${of(high)}`;
  const unit = score === "mrr" ? "" : " points";
  return (
    <span
      style={{ whiteSpace: "nowrap" }}
      title={score === "mrr" ? interval : `from ${formatPercent(low)} to ${formatPercent(high)}`}
    >
      {of(difference)}
      {unit} <span className="quiet">({interval})</span>
    </span>
  );
}
