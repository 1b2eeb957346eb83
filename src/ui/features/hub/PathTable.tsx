import type { PathScore } from "../../../core/domain/hub";
import type { Estimate as EstimateValue } from "../../../core/domain/evaluation";
import { Estimate } from "../../components/Estimate";
import { formatCount, formatPercent } from "../../components/formatting";
import { kindWords, mainK, type HubEdge } from "./hubPaths";
import { ScrollTable } from "../../components/ScrollTable";
import styles from "./Paths.module.css";

interface PathTableProps {
  readonly edges: readonly HubEdge[];
  /** By `from/to`. */
  readonly scores: ReadonlyMap<string, PathScore>;
}

/** Every path both ways with its held-out recall: what the graph shows, in a table. */
export function PathTable({ edges, scores }: PathTableProps) {
  const rows = edges.flatMap((edge) => [
    { edge, from: edge.from, to: edge.to },
    { edge, from: edge.to, to: edge.from },
  ]);
  return (
    <details className={styles.all}>
      <summary>Table of all paths</summary>
      <ScrollTable label="Paths of the hub" className={styles.table} isOneLine>
        <thead>
          <tr>
            <th scope="col">Path</th>
            <th scope="col">Kind</th>
            <th scope="col" className="number">
              recall
            </th>
            <th scope="col" className="number">
              chance
            </th>
            <th scope="col" className="number">
              shuffled pairs
            </th>
            <th scope="col" className="number">
              ridge
            </th>
            <th scope="col" className="number">
              queries in gallery
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ edge, from, to }) => (
            <tr key={`${from.id}/${to.id}`}>
              <th scope="row">
                {from.name} → {to.name}
              </th>
              <td>{kindWords(edge.hops)}</td>
              <Cells score={scores.get(`${from.id}/${to.id}`)} />
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </details>
  );
}

function Cells({ score }: { readonly score: PathScore | undefined }) {
  if (!score) return <td colSpan={5}>not measured</td>;
  const { result, chance, shuffled, ridge, measure } = score;
  const k = mainK(score);
  const cell = (estimate: EstimateValue | undefined) =>
    estimate ? <Estimate estimate={estimate} /> : "–";
  return (
    <>
      <td className="number">
        {measure === "cycle" && "cycle estimate, "}@{k} {cell(result.recall[k])}
      </td>
      <td className="number">{formatPercent(chance[k] ?? NaN)}</td>
      <td className="number">{cell(shuffled?.[k])}</td>
      <td className="number">{cell(ridge?.[k])}</td>
      <td className="number">
        {formatCount(result.queries)} in {formatCount(result.gallery)}
      </td>
    </>
  );
}
