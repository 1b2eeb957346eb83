import type { ZeroShotResult } from "../../../core/domain/evaluation";
import type { Run } from "../../../core/domain/run";
import { ConfusionMatrix } from "../../components/ConfusionMatrix";
import { Estimate } from "../../components/Estimate";
import { formatCount, formatNumberOf } from "../../components/formatting";
import { Term } from "../../components/Term";
import { ZeroShotRows } from "../../components/ZeroShotRows";
import { PerClassTable } from "./PerClassTable";
import { confusionAbout } from "./chartAbout";
import styles from "./RunView.module.css";

interface ZeroShotReportProps {
  readonly zeroShot: ZeroShotResult;
  readonly run: Run;
}

/** Zero-shot classification of the test images: accuracy, ceilings, prompts, classes. */
export function ZeroShotReport({ zeroShot, run }: ZeroShotReportProps) {
  const { label, classes, queries, top1, perClass, confusion, templates } = zeroShot;
  return (
    <div className="stack">
      <h3>
        <Term explanation="Test images classified by the words of their label alone; no label was trained on.">
          Zero-shot “{label}”
        </Term>{" "}
        <span className="quiet">
          {formatNumberOf(queries, "test image")}, {formatNumberOf(classes, "class", "classes")}
        </span>
      </h3>
      <dl className="facts">
        <dt>Top 1</dt>
        <dd>
          <Estimate estimate={top1} chance={1 / classes} />
        </dd>
        <ZeroShotRows score={zeroShot} />
      </dl>
      <Templates templates={templates} />
      {perClass.length > 0 && (
        <details className={styles.details}>
          <summary>{formatCount(perClass.length)} classes, worst first</summary>
          <PerClassTable classes={perClass} />
        </details>
      )}
      {confusion && (
        <details className={styles.details}>
          <summary>What is taken for what</summary>
          <ConfusionMatrix
            heading="h4"
            labels={perClass.map(({ name }) => name)}
            matrix={rowsOf(confusion, perClass.length)}
            about={confusionAbout(run, zeroShot)}
          />
        </details>
      )}
    </div>
  );
}

const FEW_TEMPLATES = 3;

function Templates({ templates }: { readonly templates: readonly string[] }) {
  if (templates.length === 0) return null;
  const list = templates.map((template) => `“${template}”`).join(", ");
  if (templates.length <= FEW_TEMPLATES) {
    return <p className="footnote">Asked with {list}.</p>;
  }
  return (
    <details className={styles.details}>
      <summary>Asked with {templates.length} templates</summary>
      <p className="footnote">{list}</p>
    </details>
  );
}

function rowsOf(confusion: Uint32Array, classes: number): number[][] {
  return Array.from({ length: classes }, (_, row) =>
    Array.from(confusion.subarray(row * classes, (row + 1) * classes)),
  );
}
