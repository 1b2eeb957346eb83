import type { Run } from "../../../core/domain/run";
import { Estimate } from "../../components/Estimate";
import { formatNumberOf, formatPercent } from "../../components/formatting";
import { comparisonRows, type CoverageComparison } from "./conceptCoverage";
import { ScrollTable } from "../../components/ScrollTable";

/** A balanced and a random choice of as many training pairs, on the same held-out test. */
export function ComparisonTable({ comparison }: { readonly comparison: CoverageComparison }) {
  const { concepts, random } = comparison;
  return (
    <ScrollTable
      label="Concepts or random"
      caption={
        <span className="quiet">
          Held-out test after training on {picked(concepts)}, chosen by concept or at random
        </span>
      }
    >
      <thead>
        <tr>
          <th scope="col">Measure</th>
          <th scope="col" className="number">
            By concept
          </th>
          <th scope="col" className="number">
            At random
          </th>
          <th scope="col" className="number">
            Chance
          </th>
        </tr>
      </thead>
      <tbody>
        {comparisonRows(comparison).map((row) => (
          <tr key={row.name}>
            <th scope="row">{row.name}</th>
            <td className="number">
              {row.concepts ? <Estimate estimate={row.concepts} /> : stateOf(concepts)}
            </td>
            <td className="number">
              {row.random ? <Estimate estimate={row.random} /> : stateOf(random)}
            </td>
            <td className="number quiet">{row.chance === null ? "" : formatPercent(row.chance)}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function picked({ coverage }: Run): string {
  return coverage ? formatNumberOf(coverage.pairs, "pair") : "the same number of pairs";
}

function stateOf({ status, test }: Run) {
  if (status === "failed") return <span className="quiet">failed</span>;
  return <span className="quiet">{test ? "not measured" : "not yet"}</span>;
}
