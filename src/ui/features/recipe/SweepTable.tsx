import type { SweepResults, SweepRunResults } from "../../../core/domain/recipeResults";
import { Estimate } from "../../components/Estimate";
import { formatCount, formatNumberOf } from "../../components/formatting";
import { ScrollTable } from "../../components/ScrollTable";
import { SaveResults } from "./SaveResults";

const COLUMNS = [
  { direction: "imageToText", k: "1", name: "Image → text @1" },
  { direction: "imageToText", k: "10", name: "@10" },
  { direction: "textToImage", k: "1", name: "Text → image @1" },
  { direction: "textToImage", k: "10", name: "@10" },
] as const;

/** What the runs of a sweep gave, a row each, and why some gave nothing. */
export function SweepTable({ results }: { readonly results: SweepResults }) {
  const { axes, runs, failed } = results.sweep;
  const gallery = runs[0]?.test.imageToText.gallery;
  return (
    <section className="stack" aria-label="Results">
      <h2>Test results</h2>
      {gallery !== undefined && (
        <p className="quiet">
          {formatNumberOf(runs.length, "run")}, held-out recall with 95 % intervals, gallery of{" "}
          {formatCount(gallery)}
        </p>
      )}
      <ScrollTable label="Table of the sweep">
        <thead>
          <tr>
            {axes.map(({ key }) => (
              <th key={key} scope="col">
                {key}
              </th>
            ))}
            {COLUMNS.map(({ direction, k, name }) => (
              <th key={direction + k} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <SweepRow key={JSON.stringify(run.at)} run={run} keys={axes.map(({ key }) => key)} />
          ))}
        </tbody>
      </ScrollTable>
      {failed.length > 0 && (
        <>
          <h3>{formatNumberOf(failed.length, "run")} failed</h3>
          <ul>
            {failed.map(({ at, message }) => (
              <li key={JSON.stringify(at)}>
                <span className="mono">{Object.values(at).join(", ")}</span>: {message}
              </li>
            ))}
          </ul>
        </>
      )}
      <SaveResults results={results} />
    </section>
  );
}

interface SweepRowProps {
  readonly run: SweepRunResults;
  readonly keys: readonly string[];
}

function SweepRow({ run: { at, test }, keys }: SweepRowProps) {
  return (
    <tr>
      {keys.map((key) => (
        <td key={key}>{String(at[key] ?? "none")}</td>
      ))}
      {COLUMNS.map(({ direction, k }) => {
        const estimate = test[direction].recall[k];
        return (
          <td key={direction + k} className="number">
            {estimate && <Estimate estimate={estimate} />}
          </td>
        );
      })}
    </tr>
  );
}
