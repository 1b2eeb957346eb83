import type { Run } from "../../../core/domain/run";
import { formatCount } from "../../components/formatting";
import { RetrievalTables } from "../../components/RetrievalTables";
import { chosenWords } from "./chosenWords";
import { GeometryTable } from "./GeometryTable";
import { methodWords } from "./runFacts";
import { SeedTable } from "./SeedTable";
import { ZeroShotReport } from "./ZeroShotReport";

/** Held-out test results of a run beside its baselines, with all that was measured on the way. */
export function RunResults({ run }: { readonly run: Run }) {
  const { test, zeroShot, best, chosen, report, training } = run;
  if (!test) return null;
  return (
    <>
      <div className="stack">
        <h3>
          Test results{" "}
          {best && (
            <span className="quiet">of the best checkpoint, step {formatCount(best.step)}</span>
          )}
        </h3>
        {Object.keys(chosen).length > 0 && (
          <p className="quiet">Chosen on validation: {chosenWords(chosen)}.</p>
        )}
        <RetrievalTables
          name={methodWords(run)}
          test={test}
          csls={report?.csls ?? null}
          baselines={run.baselines}
        />
      </div>
      <SeedTable run={run} />
      {zeroShot && <ZeroShotReport zeroShot={zeroShot} run={run} />}
      {report && (
        <GeometryTable geometry={report.geometry} dimension={training?.dimension ?? null} />
      )}
    </>
  );
}
