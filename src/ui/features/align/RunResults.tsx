import { methodById } from "../../../core/catalogue/methods";
import type { Run } from "../../../core/domain/run";
import { Estimate } from "../../components/Estimate";
import { formatCount, formatNumberOf } from "../../components/formatting";
import { RetrievalTables } from "../../components/RetrievalTables";
import { Term } from "../../components/Term";
import { ZeroShotRows } from "../../components/ZeroShotRows";
import styles from "./RunView.module.css";

const FEW_QUERIES = 50; // below, a 95 % interval is wider than most differences between methods

/** Held-out test results of a finished run beside its baselines. */
export function RunResults({ run }: { readonly run: Run }) {
  const { test, zeroShot, best } = run;
  if (!test) return null;
  const queries = Math.min(test.imageToText.queries, test.textToImage.queries);
  const name = methodById(run.recipe.align.method)?.name ?? run.recipe.align.method;
  return (
    <div className={styles.results}>
      <h3>
        Test results{" "}
        {best && (
          <span className="quiet">of the best checkpoint, step {formatCount(best.step)}</span>
        )}
      </h3>
      {queries < FEW_QUERIES && (
        <p className={styles.warning}>
          Only {formatCount(queries)} test queries: the intervals are wide, and small differences
          mean nothing. Import more pairs or give the test split a larger share.
        </p>
      )}
      {run.leftOut > 0 && (
        <p className="quiet">
          {formatNumberOf(run.leftOut, "pair")} left out: the encoder refused one side.
        </p>
      )}
      <RetrievalTables name={name} test={test} baselines={run.baselines} />
      {zeroShot && (
        <dl className={styles.facts}>
          <dt>
            <Term explanation="Test images classified by the words of their label alone; no label was trained on.">
              Zero-shot “{zeroShot.label}”
            </Term>
          </dt>
          <dd>
            <Estimate estimate={zeroShot.top1} chance={1 / zeroShot.classes} />{" "}
            <span className="quiet">
              · {formatCount(zeroShot.queries)} images, {formatCount(zeroShot.classes)} classes
            </span>
          </dd>
          <ZeroShotRows score={zeroShot} />
        </dl>
      )}
    </div>
  );
}
