import type { Run, SeedResult } from "../../../core/domain/run";
import { spreadOf } from "../../../core/math/spread";
import { DIRECTION_NAMES, DIRECTIONS } from "../../components/directions";
import { Estimate } from "../../components/Estimate";
import { formatCount, formatDuration, formatPercent } from "../../components/formatting";
import { MetricCell } from "./MetricCell";
import { ScrollTable } from "../../components/ScrollTable";
import { useLiveRun } from "./useRuns";

/** Test results of every seed of a run, their mean and spread, and which seed was kept. */
export function SeedTable({ run }: { readonly run: Run }) {
  const live = useLiveRun(run.id);
  const { seeds } = run.recipe.align;
  if (seeds === 1) return null;
  const fresh = live.seedResults.filter(
    ({ seed }) => !run.seedResults.some((stored) => stored.seed === seed),
  );
  const results = [...run.seedResults, ...fresh];
  if (results.length === 0) return null;
  const ks = run.recipe.evaluate.retrieval.map(String);
  return (
    <div className="stack">
      <h3>
        Seeds{" "}
        <span className="quiet">
          {formatCount(results.length)} of {formatCount(seeds)} trained; test results
        </span>
      </h3>
      <ScrollTable label="Results of every seed" isOneLine>
        <SeedHead ks={ks} />
        <tbody>
          {results.map((result) => (
            <SeedRow key={result.seed} result={result} ks={ks} isKept={isKept(run, result)} />
          ))}
          {results.length > 1 && <MeanRow results={results} ks={ks} />}
        </tbody>
      </ScrollTable>
      <p className="footnote">
        Kept for queries and exports: the seed with the best validation score. Report the mean.
      </p>
    </div>
  );
}

function SeedHead({ ks }: { readonly ks: readonly string[] }) {
  return (
    <thead>
      <tr>
        <th scope="col">Seed</th>
        <th scope="col" className="number">
          Best step
        </th>
        <th scope="col" className="number">
          Validation score
        </th>
        {DIRECTIONS.flatMap((direction) =>
          ks.map((k) => (
            <th key={direction + k} scope="col" className="number">
              {DIRECTION_NAMES[direction]} @{k}
            </th>
          )),
        )}
        <th scope="col" className="number">
          Time
        </th>
      </tr>
    </thead>
  );
}

interface SeedRowProps {
  readonly result: SeedResult;
  readonly ks: readonly string[];
  readonly isKept: boolean;
}

function SeedRow({ result: { seed, best, test, elapsedMs }, ks, isKept: kept }: SeedRowProps) {
  return (
    <tr>
      <th scope="row">
        {seed} {kept && <span className="quiet">· kept</span>}
      </th>
      <td className="number">{best && formatCount(best.step)}</td>
      <td className="number">{best && formatPercent(best.score)}</td>
      {DIRECTIONS.flatMap((direction) =>
        ks.map((k) => {
          const estimate = test?.[direction].recall[k];
          return (
            <td key={direction + k} className="number">
              {estimate && <Estimate estimate={estimate} />}
            </td>
          );
        }),
      )}
      <td className="number">{formatDuration(elapsedMs)}</td>
    </tr>
  );
}

function MeanRow({
  results,
  ks,
}: {
  readonly results: readonly SeedResult[];
  readonly ks: readonly string[];
}) {
  return (
    <tr>
      <th scope="row">
        <strong>Mean ± SD</strong>
      </th>
      <td />
      <td />
      {DIRECTIONS.flatMap((direction) =>
        ks.map((k) => {
          const spread = spreadOf(
            results.flatMap(({ test }) => test?.[direction].recall[k]?.value ?? []),
          );
          return (
            <td key={direction + k} className="number">
              <MetricCell metric={{ kind: "seeds", value: spread.mean, spread }} />
            </td>
          );
        }),
      )}
      <td />
    </tr>
  );
}

/** The seed whose projectors the run kept: best on validation, the earlier of equals. */
function isKept({ seedResults, status }: Run, { seed }: SeedResult): boolean {
  if (status !== "done" && status !== "stopped") return false;
  const score = (result: SeedResult) => result.best?.score ?? -Infinity;
  const best = seedResults.reduce<SeedResult | undefined>(
    (kept, each) => (kept && score(kept) >= score(each) ? kept : each),
    undefined,
  );
  return best?.seed === seed;
}
