import { useState, type CSSProperties } from "react";
import { chartFileName } from "../charts/chartImage";
import { gridSvg, type TintedGrid } from "../charts/gridSvg";
import { SaveChart } from "../charts/SaveChart";
import { Choice } from "./Choice";
import styles from "./ConfusionMatrix.module.css";
import { topConfusions } from "./confusions";
import { formatCount, formatPercent } from "./formatting";
import { ScrollTable } from "./ScrollTable";

const MATRIX_CLASSES = 16; // more columns do not fit a screen; then the list says more
const LISTED = 20;

type Unit = "images" | "share";

const UNITS: readonly (readonly [Unit, string])[] = [
  ["images", "Images"],
  ["share", "Share of the true class"],
];

interface ConfusionMatrixProps {
  readonly labels: readonly string[];
  /** Counts [classes, classes]: rows are the truth, columns the prediction. */
  readonly matrix: readonly (readonly number[])[];
  readonly heading: "h2" | "h4";
  /** What the saved chart says below itself, a line each. */
  readonly about?: readonly string[];
}

/** What is taken for what: the whole matrix for a few classes, the worst confusions for many. */
export function ConfusionMatrix(props: ConfusionMatrixProps) {
  const { labels, matrix, heading: Heading, about = [] } = props;
  const isSmall = labels.length <= MATRIX_CLASSES;
  return (
    <>
      <Heading>{isSmall ? "Confusion matrix" : "Most frequent confusions"}</Heading>
      {isSmall ? (
        <Matrix labels={labels} matrix={matrix} about={about} />
      ) : (
        <List labels={labels} matrix={matrix} />
      )}
    </>
  );
}

type TableProps = Pick<ConfusionMatrixProps, "labels" | "matrix">;

/** Cells as the screen tints them: by their share of the row. */
function gridOf({ labels, matrix }: TableProps, isShare: boolean): TintedGrid {
  const cells = matrix.flatMap((row, truth) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, predicted) => {
      const share = total > 0 ? count / total : 0;
      const words = isShare ? formatPercent(total > 0 ? share : NaN, 0) : formatCount(count);
      return { words, share, isStrong: predicted === truth };
    });
  });
  return { rows: labels, columns: labels, corner: "truth ↓ predicted →", cells };
}

/** Every cell has its number, so the tint only helps the eye; it is the share of the row. */
function Matrix({ labels, matrix, about }: TableProps & { readonly about: readonly string[] }) {
  const [unit, setUnit] = useState<Unit>("images");
  const isShare = unit === "share";
  return (
    <>
      <ScrollTable label="Confusion table" className={styles.matrix}>
        <thead>
          <tr>
            <th scope="col">truth ↓ predicted →</th>
            {labels.map((label) => (
              <th scope="col" className="number" key={label} dir="auto">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.map((row, truth) => {
            const total = row.reduce((sum, count) => sum + count, 0);
            return (
              <tr key={labels[truth]}>
                <th scope="row" dir="auto">
                  {labels[truth]}
                </th>
                {row.map((count, predicted) => {
                  const share = total > 0 ? count / total : 0;
                  return (
                    <td
                      key={labels[predicted]}
                      className={`number ${predicted === truth ? styles.diagonal : ""}`}
                      style={{ "--share": share } as CSSProperties}
                    >
                      {isShare ? formatPercent(total > 0 ? share : NaN, 0) : formatCount(count)}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </ScrollTable>
      <Choice
        legend="Numbers of the confusion matrix"
        options={UNITS}
        value={unit}
        onChange={setUnit}
      />
      <SaveChart
        name="Confusion matrix"
        fileName={chartFileName("confusion matrix", about[0] ?? "")}
        draw={() =>
          gridSvg(gridOf({ labels, matrix }, isShare), { title: "Confusion matrix", lines: about })
        }
      />
    </>
  );
}

function List({ labels, matrix }: TableProps) {
  const confusions = topConfusions(matrix, LISTED);
  if (confusions.length === 0) return <p className="quiet">Nothing was confused.</p>;
  return (
    <ScrollTable label="Confusion table">
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
            <td dir="auto">{labels[truth]}</td>
            <td dir="auto">{labels[predicted]}</td>
            <td className="number">{formatCount(count)}</td>
            <td className="number">
              {formatCount((matrix[truth] ?? []).reduce((sum, value) => sum + value, 0))}
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
