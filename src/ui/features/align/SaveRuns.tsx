import { runsCsv } from "../../../core/formats/runsCsv";
import { formatNumberOf } from "../../components/formatting";
import { saveFile } from "../../components/saveFile";
import type { RunFacts } from "./runFacts";

/** Saves the shown runs with every number they have, one row each. */
export function SaveRuns({ runs }: { readonly runs: readonly RunFacts[] }) {
  const save = () => {
    const text = runsCsv(runs.map(({ run }) => run));
    saveFile("runs.csv", new Blob([text], { type: "text/csv;charset=utf-8" }));
  };
  return (
    <button type="button" className="button" disabled={runs.length === 0} onClick={save}>
      Save {formatNumberOf(runs.length, "run")} (CSV)
    </button>
  );
}
