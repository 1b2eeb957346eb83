import { methodById } from "../../../core/catalogue/methods";
import { candidateMargin, validationQueries } from "../../../core/domain/candidateMargin";
import type { Candidate, Run } from "../../../core/domain/run";
import { DIRECTION_NAMES, DIRECTIONS } from "../../components/directions";
import { Estimate } from "../../components/Estimate";
import { formatDuration, formatNumberOf, formatPercent } from "../../components/formatting";
import { Term } from "../../components/Term";
import { chosenWords } from "./chosenWords";
import { ScrollTable } from "../../components/ScrollTable";
import { useLiveRun } from "./useRuns";

const K = "10";

/** What the automatic choice tried, best first, and which it kept and why. */
export function CandidateTable({ run }: { readonly run: Run }) {
  const live = useLiveRun(run.id);
  if (run.recipe.align.method !== "auto") return null;
  const candidates = mergedCandidates(run.candidates, live.candidates);
  if (candidates.length === 0) return null;
  return (
    <div className="stack">
      <h3>What the automatic choice tried</h3>
      <p>{verdictOn(candidates, run.method)}</p>
      <ScrollTable label="Candidates" isOneLine>
        <thead>
          <tr>
            <th scope="col">Method</th>
            <th scope="col" className="number">
              <Term explanation="Mean of recall@1 to recall@10 on the validation pairs, both directions. The choice goes by it.">
                Validation score
              </Term>
            </th>
            {DIRECTIONS.map((direction) => (
              <th key={direction} scope="col" className="number">
                {DIRECTION_NAMES[direction]} @{K}
              </th>
            ))}
            <th scope="col">Settings chosen</th>
            <th scope="col" className="number">
              Time
            </th>
          </tr>
        </thead>
        <tbody>
          {candidates.map((candidate) => (
            <Row
              key={candidate.method}
              candidate={candidate}
              isKept={candidate.method === run.method}
            />
          ))}
        </tbody>
      </ScrollTable>
    </div>
  );
}

interface RowProps {
  readonly candidate: Candidate;
  readonly isKept: boolean;
}

function Row({ candidate, isKept }: RowProps) {
  const { method, score, validation, chosen, elapsedMs, error } = candidate;
  return (
    <tr>
      <th scope="row">
        {isKept ? <strong>{nameOf(method)}</strong> : nameOf(method)}{" "}
        {isKept && <span className="quiet">· kept</span>}
      </th>
      {error ? (
        <td colSpan={4}>Could not be fitted: {error.detail}</td>
      ) : (
        <>
          <td className="number">{formatPercent(score)}</td>
          {DIRECTIONS.map((direction) => {
            const estimate = validation[direction].recall[K];
            return (
              <td key={direction} className="number">
                {estimate && <Estimate estimate={estimate} />}
              </td>
            );
          })}
          <td>{chosenWords(chosen)}</td>
        </>
      )}
      <td className="number">{formatDuration(elapsedMs)}</td>
    </tr>
  );
}

const nameOf = (method: Candidate["method"]) => methodById(method)?.name ?? method;

/** Which was kept and why, in words. */
export function verdictOn(candidates: readonly Candidate[], method: Run["method"]): string {
  const kept = candidates.find((candidate) => candidate.method === method);
  if (!kept) return "Best first so far, by the score on the validation pairs.";
  const name = nameOf(kept.method);
  const best = candidates[0];
  if (!best || best.score <= kept.score) {
    return `${name} was kept: it scores highest on the validation pairs. The test pairs had no say.`;
  }
  const margin = formatPercent(candidateMargin(kept.validation));
  const queries = formatNumberOf(
    validationQueries(kept.validation),
    "validation query",
    "validation queries",
  );
  return (
    `${name} was kept: no less simple method leads it by more than ${margin}, which is noise ` +
    `with ${queries}. The test pairs had no say.`
  );
}

/** Stored ones, and those reported since; best first. */
function mergedCandidates(
  stored: readonly Candidate[],
  live: readonly Candidate[],
): readonly Candidate[] {
  const fresh = live.filter(({ method }) => !stored.some((known) => known.method === method));
  return [...stored, ...fresh].toSorted((a, b) => b.score - a.score);
}
