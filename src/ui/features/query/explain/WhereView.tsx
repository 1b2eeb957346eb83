import { useState } from "react";
import type { Found } from "../../../../app/explaining";
import { useServices } from "../../../../app/services";
import { useProject } from "../../../components/projectContext";
import styles from "./Explain.module.css";
import { ExplanationState } from "./ExplanationState";
import { HeatMap } from "./HeatMap";
import { checkWords } from "./mapWords";
import { useExplanation } from "./useExplanation";

interface WhereViewProps {
  readonly found: Found;
  /** Names the question: another query or result is another. */
  readonly question: string;
  readonly step: number;
  readonly name: string;
}

/** Where in the picture the query is, or why that cannot be told. */
export function WhereView({ found, question, step, name }: WhereViewProps) {
  const { explaining } = useServices();
  const { project } = useProject();
  const [method, setMethod] = useState<"auto" | "occlusion">("auto");
  const [shownAnyway, setShownAnyway] = useState<string | null>(null);
  const key = `${method} ${question}`;
  const explained = useExplanation(key, step, (context) =>
    explaining.where(project, found, { ...context, method }),
  );
  const map = explained.value;
  const isOff = map?.check.isParticular === false && shownAnyway !== key;
  return (
    <div className={styles.section}>
      <ExplanationState explained={explained} label="Heat map" />
      {map && <p className={styles.note}>{checkWords(map.check, "map")}</p>}
      {map && isOff && (
        <button type="button" className="button" onClick={() => setShownAnyway(key)}>
          Show it all the same
        </button>
      )}
      {map && !isOff && <HeatMap map={map} picture={found.picture ?? found} name={name} />}
      {(map?.method === "tokens" || method === "occlusion") && (
        <button
          type="button"
          className="button quiet"
          onClick={() => setMethod(method === "auto" ? "occlusion" : "auto")}
        >
          {method === "auto"
            ? "Check by covering parts (37 encodings)"
            : "Back to the patch tokens"}
        </button>
      )}
    </div>
  );
}
