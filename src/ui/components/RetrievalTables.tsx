import type { BaselineResult, RetrievalPair } from "../../core/domain/evaluation";
import { BASELINE_EXPLANATIONS, BASELINE_NAMES } from "./baselineNames";
import { DIRECTION_NAMES, DIRECTIONS } from "./directions";
import { Estimate } from "./Estimate";
import { formatCount } from "./formatting";
import styles from "./RetrievalTables.module.css";
import { ScrollTable } from "./ScrollTable";
import { Term } from "./Term";

interface RetrievalTablesProps {
  /** What the first row is called: the method of the run. */
  readonly name: string;
  readonly test: RetrievalPair;
  /** The same run ranked with CSLS scores, where they were asked for. */
  readonly csls?: RetrievalPair | null;
  readonly baselines: readonly Pick<BaselineResult, "id" | "test">[];
}

/** Held-out test recall of a run beside its baselines, one table per direction. */
export function RetrievalTables({ name, test, csls = null, baselines }: RetrievalTablesProps) {
  return (
    <div className={styles.tables}>
      {DIRECTIONS.map((direction) => {
        const { queries, gallery, recall } = test[direction];
        const ks = Object.keys(recall);
        return (
          <ScrollTable
            key={direction}
            label={`${DIRECTION_NAMES[direction]}: test recall`}
            caption={
              <>
                {DIRECTION_NAMES[direction]}{" "}
                <span className="quiet">
                  · {formatCount(queries)} test queries in a gallery of {formatCount(gallery)}
                </span>
              </>
            }
            isOneLine
          >
            <thead>
              <tr>
                <th scope="col">Method</th>
                {ks.map((k) => (
                  <th scope="col" className="number" key={k}>
                    recall@{k}
                  </th>
                ))}
                <th scope="col" className="number">
                  <Term explanation="Mean reciprocal rank: the mean of 1 / rank of the first right answer, 1 at best.">
                    MRR
                  </Term>
                </th>
                <th scope="col" className="number">
                  median rank
                </th>
                <th scope="col" className="number">
                  mean rank
                </th>
              </tr>
            </thead>
            <tbody>
              <Row name={<strong>{name}</strong>} ks={ks} result={test[direction]} />
              {csls && (
                <Row
                  name={
                    <Term explanation="Cross-domain similarity local scaling: cosines less the mean cosine to the 10 nearest of the other side, so that hubs do not crowd every result.">
                      with CSLS
                    </Term>
                  }
                  ks={ks}
                  result={csls[direction]}
                />
              )}
              {baselines.map((baseline) => (
                <Row
                  key={baseline.id}
                  name={
                    <Term explanation={BASELINE_EXPLANATIONS[baseline.id]}>
                      {BASELINE_NAMES[baseline.id]}
                    </Term>
                  }
                  ks={ks}
                  result={baseline.test[direction]}
                />
              ))}
            </tbody>
          </ScrollTable>
        );
      })}
    </div>
  );
}

interface RowProps {
  readonly name: React.ReactNode;
  readonly ks: readonly string[];
  readonly result: RetrievalPair["imageToText"];
}

function Row({ name, ks, result }: RowProps) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {ks.map((k) => {
        const estimate = result.recall[k];
        return (
          <td className="number" key={k}>
            {estimate ? <Estimate estimate={estimate} /> : ""}
          </td>
        );
      })}
      <td className="number">{known(result.meanReciprocalRank, (value) => value.toFixed(3))}</td>
      <td className="number">{known(result.medianRank, formatCount)}</td>
      <td className="number">{known(result.meanRank, (value) => value.toFixed(1))}</td>
    </tr>
  );
}

/** Results of earlier versions lack some numbers. */
function known(value: number, format: (value: number) => string): string {
  return Number.isFinite(value) ? format(value) : "n/a";
}
