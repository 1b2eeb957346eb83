import type { BaselineResult, RetrievalPair } from "../../core/domain/evaluation";
import { BASELINE_EXPLANATIONS, BASELINE_NAMES } from "./baselineNames";
import { Estimate } from "./Estimate";
import { formatCount } from "./formatting";
import styles from "./RetrievalTables.module.css";
import { Term } from "./Term";

interface RetrievalTablesProps {
  /** What the first row is called: the method of the run. */
  readonly name: string;
  readonly test: RetrievalPair;
  readonly baselines: readonly Pick<BaselineResult, "id" | "test">[];
}

export const DIRECTIONS = ["imageToText", "textToImage"] as const;
const DIRECTION_NAMES = { imageToText: "Image → text", textToImage: "Text → image" } as const;

/** Held-out test recall of a run beside its baselines, one table per direction. */
export function RetrievalTables({ name, test, baselines }: RetrievalTablesProps) {
  return (
    <div className={styles.tables}>
      {DIRECTIONS.map((direction) => {
        const { queries, gallery, recall } = test[direction];
        const ks = Object.keys(recall);
        return (
          <div
            key={direction}
            className={styles.scroll}
            role="region"
            tabIndex={0}
            aria-label={`${DIRECTION_NAMES[direction]}: test recall`}
          >
            <table className="table">
              <caption>
                {DIRECTION_NAMES[direction]}{" "}
                <span className="quiet">
                  · {formatCount(queries)} test queries in a gallery of {formatCount(gallery)}
                </span>
              </caption>
              <thead>
                <tr>
                  <th scope="col">Method</th>
                  {ks.map((k) => (
                    <th scope="col" className="number" key={k}>
                      recall@{k}
                    </th>
                  ))}
                  <th scope="col" className="number">
                    median rank
                  </th>
                </tr>
              </thead>
              <tbody>
                <Row name={<strong>{name}</strong>} ks={ks} result={test[direction]} />
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
            </table>
          </div>
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
      <td className="number">{formatCount(result.medianRank)}</td>
    </tr>
  );
}
