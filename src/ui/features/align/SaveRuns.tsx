import { runsCsv } from "../../../core/formats/runsCsv";
import { formatNumberOf } from "../../components/formatting";
import { SaveCsv } from "../../components/SaveCsv";
import type { RunFacts } from "./runFacts";

/** Saves the shown runs with every number they have, one row each. */
export function SaveRuns({ runs }: { readonly runs: readonly RunFacts[] }) {
  return (
    <SaveCsv
      name="runs.csv"
      text={() => runsCsv(runs.map(({ run }) => run))}
      disabled={runs.length === 0}
    >
      Save {formatNumberOf(runs.length, "run")} (CSV)
    </SaveCsv>
  );
}
