import { useState } from "react";
import { AppError } from "../../core/errors";
import { pngBlob, svgBlob } from "./chartImage";
import type { ChartFile } from "./svgPage";
import { ErrorNote } from "../components/ErrorNote";
import styles from "./SaveChart.module.css";
import { saveFile } from "../components/saveFile";

interface SaveChartProps {
  /** What the chart is called, for the file and for those who hear the buttons. */
  readonly name: string;
  /** Without an ending. */
  readonly fileName: string;
  /** Drawn when asked for. */
  readonly draw: () => ChartFile;
}

/** Saves a chart with its caption, as SVG or PNG. */
export function SaveChart({ name, fileName, draw }: SaveChartProps) {
  const [error, setError] = useState<AppError | null>(null);
  const save = (ending: string, make: (file: ChartFile) => Blob | Promise<Blob>) => async () => {
    setError(null);
    try {
      saveFile(`${fileName}.${ending}`, await make(draw()));
    } catch (thrown) {
      setError(AppError.from(thrown));
    }
  };
  const button = (words: string, onClick: () => Promise<void>) => (
    <button
      type="button"
      className={styles.button}
      aria-label={`${words}: ${name}`}
      onClick={() => void onClick()}
    >
      {words}
    </button>
  );
  return (
    <div className={styles.save}>
      {button("Save as SVG", save("svg", svgBlob))}
      {button("PNG", save("png", pngBlob))}
      {error && <ErrorNote error={error} onDismiss={() => setError(null)} />}
    </div>
  );
}
