import type { ProbedSet, ProbeReport } from "../../../core/domain/comparison";
import { Estimate } from "../../components/Estimate";
import {
  formatCount,
  formatDuration,
  formatNumberOf,
  formatPercent,
} from "../../components/formatting";
import { ModalityChip } from "../../components/ModalityChip";
import { useProject } from "../../components/projectContext";
import { Term } from "../../components/Term";
import { ScrollTable } from "../../components/ScrollTable";
import styles from "./Compare.module.css";

/** A probe report: top-1 of each embedding with its interval, beside chance and the control. */
export function ProbeTable({ report }: { readonly report: ProbeReport }) {
  const { project } = useProject();
  const { label, items, classes, folds, neighbours, chance, sets } = report;
  return (
    <div>
      {report.dataDigest !== project.data?.digest && (
        <p className={styles.attention} role="note">
          This was made before the data changed. Probe again to see what holds now.
        </p>
      )}
      <ScrollTable
        label="Probe report"
        caption={
          <>
            Top-1 accuracy on “{label}”{" "}
            <span className="quiet">
              · {formatNumberOf(items, "pair")}, {formatNumberOf(classes, "class", "classes")},{" "}
              {folds}-fold · always naming the most frequent gives {formatPercent(chance)}
            </span>
          </>
        }
        isOneLine
      >
        <thead>
          <tr>
            <th scope="col">Embedding</th>
            <th scope="col" className="number">
              <Term
                explanation={`The label most of the ${neighbours} nearest items of other folds have, by cosine.`}
              >
                kNN
              </Term>
            </th>
            <th scope="col" className="number">
              <Term explanation="Ridge regression to one output per label; its strength is chosen on another fold.">
                linear
              </Term>
            </th>
            <th scope="col" className="number">
              <Term explanation="The same after the labels were shuffled: what the method finds where there is nothing to find. Far above chance would mean a leak.">
                kNN, labels shuffled
              </Term>
            </th>
            <th scope="col" className="number">
              linear, labels shuffled
            </th>
          </tr>
        </thead>
        <tbody>
          {[...sets].sort(byLinear).map((set) => (
            <tr key={`${set.modality} ${set.name}`}>
              <th scope="row">
                <ModalityChip modality={set.modality} /> {set.name}
              </th>
              <td className="number">
                <Estimate estimate={set.scores.knn} />
              </td>
              <td className="number">
                <Estimate estimate={set.scores.linear} />
              </td>
              <td className="number">
                <Estimate estimate={set.control.knn} />
              </td>
              <td className="number">
                <Estimate estimate={set.control.linear} />
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      <p className="quiet">{leftOutWords(report)}</p>
    </div>
  );
}

const byLinear = (a: ProbedSet, b: ProbedSet) => b.scores.linear.value - a.scores.linear.value;

function leftOutWords({ unlabelled, rare, leftOut, elapsedMs }: ProbeReport): string {
  return [
    unlabelled > 0 && `${formatNumberOf(unlabelled, "pair")} without a label left out.`,
    rare.items > 0 &&
      `${formatNumberOf(rare.items, "pair")} with one of ${formatCount(rare.classes)} labels that fewer than five groups have left out.`,
    ...leftOut.map(({ name, reason }) => `${name}: ${reason}.`),
    `Took ${formatDuration(elapsedMs)}.`,
  ]
    .filter(Boolean)
    .join(" ");
}
