import { useState, type CSSProperties, type KeyboardEvent } from "react";
import type { Comparison, SimilarityMeasure } from "../../../core/domain/comparison";
import { isSameChoice } from "../../../core/domain/encoder";
import { SaveChart } from "../../charts/SaveChart";
import { chartFileName } from "../../charts/chartImage";
import { useProject } from "../../components/projectContext";
import styles from "./Compare.module.css";
import { similarityChart } from "./compareChart";
import { formatSimilarity, MEASURE_NAMES, rankCells, similarityWords } from "./compareWords";

interface CompareHeatMapProps {
  readonly comparison: Comparison;
  readonly measure: SimilarityMeasure;
}

/**
 * Rows image embeddings, columns text embeddings. Every cell has its number, so the tint only helps
 * the eye; the arrow keys walk, and the cell in focus is spelled out below.
 */
export function CompareHeatMap({ comparison, measure }: CompareHeatMapProps) {
  const { project } = useProject();
  const { image, text } = comparison.sets;
  const [best = 0] = rankCells(comparison, measure);
  const [focused, setFocused] = useState<number | null>(null);
  const current = focused ?? best;
  const top = Math.max(...comparison.cells.map((cell) => cell[measure].value || 0), 1e-9);
  const isChosen = (row: number, column: number) =>
    isSameChoice(image[row]!.choice, project.encoders.image) &&
    isSameChoice(text[column]!.choice, project.encoders.text);
  const walk = (event: KeyboardEvent<HTMLTableElement>) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const row = clamp(Math.floor(current / text.length) + step[0], image.length);
    const column = clamp((current % text.length) + step[1], text.length);
    const next = row * text.length + column;
    setFocused(next);
    event.currentTarget.querySelector<HTMLElement>(`[data-cell="${next}"]`)?.focus();
  };
  const shown = comparison.cells[current];
  return (
    <div>
      <div
        className={styles.scroll}
        role="region"
        aria-label={`${MEASURE_NAMES[measure]} of image and text embeddings`}
      >
        <table className={styles.map} onKeyDown={walk}>
          <thead>
            <tr>
              <td />
              {text.map(({ name }) => (
                <th key={name} scope="col">
                  <span className={styles.column}>{name}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {image.map(({ name }, row) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {text.map((_, column) => {
                  const at = row * text.length + column;
                  const { value } = comparison.cells[at]![measure];
                  const share = Math.max(0, Number.isFinite(value) ? value / top : 0);
                  return (
                    <td key={at} style={{ "--share": share } as CSSProperties}>
                      <button
                        type="button"
                        data-cell={at}
                        tabIndex={at === current ? 0 : -1}
                        className={isChosen(row, column) ? styles.chosenCell : undefined}
                        onFocus={() => setFocused(at)}
                        onPointerEnter={() => setFocused(at)}
                      >
                        {at === best ? (
                          <strong>{formatSimilarity(value)}</strong>
                        ) : (
                          formatSimilarity(value)
                        )}
                        {isChosen(row, column) && <span className="visually-hidden"> chosen</span>}
                      </button>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <SaveChart
        name={MEASURE_NAMES[measure]}
        fileName={chartFileName(MEASURE_NAMES[measure], project.name)}
        draw={() => similarityChart(comparison, measure, project.name)}
      />
      {shown && (
        <p className={styles.detail} aria-live="polite">
          <strong>
            {image[Math.floor(current / text.length)]?.name} with{" "}
            {text[current % text.length]?.name}
          </strong>
          : {similarityWords(shown[measure], measure, comparison.cells.length)}.
        </p>
      )}
    </div>
  );
}

/** Rows and columns an arrow key goes. */
const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

const clamp = (at: number, length: number) => Math.min(Math.max(at, 0), length - 1);
