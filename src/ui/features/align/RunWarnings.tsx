import type { Run } from "../../../core/domain/run";
import { RUN_WARNINGS, type RunWarning } from "../../../core/domain/runWarning";
import { formatCount, formatNumberOf } from "../../components/formatting";
import styles from "./RunView.module.css";

const FEW_QUERIES = 50; // below, a 95 % interval is wider than most differences between methods

/** Reasons to read the numbers of a run with care, above them. */
export function RunWarnings({ run }: { readonly run: Run }) {
  const warnings = warningsOf(run);
  if (warnings.length === 0 && run.leftOut === 0) return null;
  return (
    <ul className={styles.warnings} aria-label="Warnings">
      {warnings.map(({ code, detail }) => (
        <li key={code}>
          {RUN_WARNINGS[code]} <span className="quiet">{detail}</span>
        </li>
      ))}
      {run.leftOut > 0 && (
        <li>{formatNumberOf(run.leftOut, "pair")} left out: the encoder refused one side.</li>
      )}
    </ul>
  );
}

/** Those stored with the run; runs of earlier versions stored none, but their tests are as small. */
function warningsOf({ warnings, test }: Run): readonly RunWarning[] {
  // A run stored by another version may hold a code this one does not know.
  const known = warnings.filter(({ code }) => code in RUN_WARNINGS);
  const queries = test ? Math.min(test.imageToText.queries, test.textToImage.queries) : Infinity;
  if (queries >= FEW_QUERIES || known.some(({ code }) => code === "few-queries")) return known;
  return [...known, { code: "few-queries", detail: `${formatCount(queries)} test queries.` }];
}
