import type { JobState } from "../../../core/job";
import type { ScoreEffect, ScoreEffects } from "../../../core/metrics/scoreEffects";
import { DIRECTION_NAMES, DIRECTIONS, type Direction } from "../../components/directions";
import { Estimate } from "../../components/Estimate";
import { formatCount, formatPercent } from "../../components/formatting";
import { JobStatus } from "../../components/JobStatus";
import { ScrollTable } from "../../components/ScrollTable";
import styles from "./QueryPanel.module.css";
import { signed } from "../../components/search/ScoreToggles";
import type { ScoreMeasuring } from "./useScoreEffects";

interface ScorePanelProps {
  readonly measuring: ScoreMeasuring;
  /** Step of the space in use. */
  readonly step: number | undefined;
}

/** What the corrections of the scores are and do, measured on the held-out test on demand. */
export function ScorePanel({ measuring, step }: ScorePanelProps) {
  const { job, effects, measure, stop, dismiss } = measuring;
  const isOld = effects !== null && step !== undefined && effects.step !== step;
  return (
    <div
      className={`stack panel ${styles.drawer}`}
      role="group"
      aria-label="Corrections of the scores, measured"
    >
      <p>
        <strong>Centre</strong> subtracts the mean of the training items from each side, which
        closes the gap between pictures and captions. <strong>CSLS</strong> lowers the score of
        items that are near to everything. Neither is trained; which helps depends on the run.
      </p>
      {(!effects || isOld) && !isRunning(job) && (
        <button type="button" className="button" disabled={step === undefined} onClick={measure}>
          {isOld ? `Measure again at step ${formatCount(step)}` : "Measure what they do"}
        </button>
      )}
      <JobStatus job={job} label="Measuring the corrections" onStop={stop} onDismiss={dismiss} />
      {effects && <EffectTable effects={effects} />}
    </div>
  );
}

function isRunning({ status }: JobState): boolean {
  return status === "running" || status === "cancelling";
}

function EffectTable({ effects: { effects, chance, step } }: { readonly effects: ScoreEffects }) {
  return (
    <>
      <ScrollTable
        label="Effect on recall@10"
        caption={
          <span className="quiet">
            Recall@10 on the held-out test{step > 0 && ` at step ${formatCount(step)}`}, with 95 %
            intervals; differences in percentage points on the same queries
          </span>
        }
      >
        <thead>
          <tr>
            <th scope="col">Scores</th>
            {DIRECTIONS.flatMap((direction) => [
              <th scope="col" className="number" key={direction}>
                {DIRECTION_NAMES[direction]}
              </th>,
              <th scope="col" className="number" key={`${direction} difference`}>
                to plain
              </th>,
            ])}
          </tr>
        </thead>
        <tbody>
          {effects.map((effect) => (
            <tr key={effectName(effect)}>
              <th scope="row">{effectName(effect)}</th>
              {DIRECTIONS.flatMap((direction) => [
                <td className="number" key={direction}>
                  <Recall effect={effect} direction={direction} />
                </td>,
                <td className="number" key={`${direction} difference`}>
                  {differenceWords(effect, direction)}
                </td>,
              ])}
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      <p className="quiet">
        {DIRECTIONS.map((direction) => {
          const { queries, gallery } = effects[0]?.retrieval[direction] ?? chance[direction];
          const guess = chance[direction].recall["10"]?.value ?? Number.NaN;
          return `${DIRECTION_NAMES[direction]}: ${formatCount(queries)} queries, gallery of ${formatCount(gallery)}, chance ${formatPercent(guess)}`;
        }).join(" · ")}
      </p>
    </>
  );
}

function Recall({
  effect,
  direction,
}: {
  readonly effect: ScoreEffect;
  readonly direction: Direction;
}) {
  const estimate = effect.retrieval[direction].recall["10"];
  return estimate ? <Estimate estimate={estimate} /> : <>n/a</>;
}

function effectName({ scores: { centred, csls } }: ScoreEffect): string {
  if (centred) return csls ? "Centre and CSLS" : "Centre";
  return csls ? "CSLS" : "Plain cosine";
}

function differenceWords({ differences }: ScoreEffect, direction: Direction): string {
  const found = differences.find((d) => d.direction === direction && d.k === 10);
  if (!found) return "";
  return `${signed(found.difference)} (${signed(found.low)} to ${signed(found.high)})`;
}
