import type { ResultFile } from "../../../core/formats/resultFiles";
import { CopyButton } from "../../components/CopyButton";
import { formatBytes } from "../../components/formatting";
import { saveFile } from "../../components/saveFile";
import { TakeAwayRow } from "./TakeAwayRow";
import styles from "./TakeAwayPanel.module.css";

const PREVIEW_LINES = 2;

interface ResultRowProps {
  readonly file: ResultFile;
  /** Hash part of a link that opens the same experiment. */
  readonly link: string | undefined;
}

/** A small file of a run: recipe, results, curve. */
export function ResultRow({ file: { name, type, purpose, text }, link }: ResultRowProps) {
  const blob = new Blob([text], { type });
  const lines = type === "application/json" ? text.replace(/^\{\n/, "") : text;
  const isRecipe = name === "recipe.json";
  return (
    <TakeAwayRow
      name={name}
      size={formatBytes(blob.size)}
      purpose={purpose}
      preview={lines.split("\n").slice(0, PREVIEW_LINES).join("\n")}
      actions={
        <>
          <button
            type="button"
            className="button"
            aria-label={`Download ${name}`}
            onClick={() => saveFile(name, blob)}
          >
            Download
          </button>
          {isRecipe && <CopyButton name="Copy" text={() => text} />}
          {link && (
            <CopyButton
              name="Copy link"
              text={() => `${location.origin}${location.pathname}#${link}`}
            />
          )}
        </>
      }
    >
      {isRecipe && (
        <details>
          <summary>Whole recipe</summary>
          <pre
            className={`mono ${styles.whole}`}
            role="region"
            tabIndex={0}
            aria-label="Recipe as JSON"
          >
            {text}
          </pre>
        </details>
      )}
    </TakeAwayRow>
  );
}
