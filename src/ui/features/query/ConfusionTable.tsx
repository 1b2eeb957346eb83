import { formatCount } from "../../components/formatting";
import styles from "./Classify.module.css";
import { confusionMatrix, topConfusions } from "./confusion";
import type { Classified } from "./useClassify";

const MATRIX_CLASSES = 12; // more columns do not fit a screen; then the list says more
const LISTED = 20;

/** What is taken for what: the whole matrix for a few classes, the worst confusions for many. */
export function ConfusionTable({ result }: { readonly result: Classified }) {
  const { labels, items } = result;
  const matrix = confusionMatrix(items, labels.length);
  const small = labels.length <= MATRIX_CLASSES;
  return (
    <section aria-label="Confusion" className={styles.confusion}>
      <h2>{small ? "Confusion matrix" : "Most frequent confusions"}</h2>
      <div className={styles.scroll} role="region" tabIndex={0} aria-label="Confusion table">
        {small ? (
          <Matrix labels={labels} matrix={matrix} />
        ) : (
          <List labels={labels} matrix={matrix} />
        )}
      </div>
    </section>
  );
}

interface TableProps {
  readonly labels: readonly string[];
  readonly matrix: readonly (readonly number[])[];
}

function Matrix({ labels, matrix }: TableProps) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">truth ↓ predicted →</th>
          {labels.map((label) => (
            <th scope="col" className="number" key={label}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {matrix.map((row, truth) => (
          <tr key={labels[truth]}>
            <th scope="row">{labels[truth]}</th>
            {row.map((count, predicted) => (
              <td
                key={labels[predicted]}
                className={`number ${predicted === truth ? styles.diagonal : ""}`}
              >
                {count === 0 ? <span className="quiet">0</span> : formatCount(count)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function List({ labels, matrix }: TableProps) {
  const confusions = topConfusions(matrix, LISTED);
  if (confusions.length === 0) return <p className="quiet">Nothing was confused.</p>;
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">Truth</th>
          <th scope="col">Taken for</th>
          <th scope="col" className="number">
            Images
          </th>
          <th scope="col" className="number">
            Of
          </th>
        </tr>
      </thead>
      <tbody>
        {confusions.map(({ truth, predicted, count }) => (
          <tr key={`${truth}/${predicted}`}>
            <td>{labels[truth]}</td>
            <td>{labels[predicted]}</td>
            <td className="number">{formatCount(count)}</td>
            <td className="number">
              {formatCount(matrix[truth]!.reduce((sum, value) => sum + value, 0))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
