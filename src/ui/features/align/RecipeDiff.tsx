import type { Run } from "../../../core/domain/run";
import { recipeDiff } from "../../../core/domain/recipeDiff";
import { ScrollTable } from "../../components/ScrollTable";

interface RecipeDiffProps {
  readonly before: Run;
  readonly after: Run;
}

/** Only the settings that differ, before and after. */
export function RecipeDiff({ before, after }: RecipeDiffProps) {
  const differences = recipeDiff(before.recipe, after.recipe);
  if (differences.length === 0) {
    return (
      <p>
        The recipes are identical
        {before.dataDigest === after.dataDigest ? "" : "; the data are not"}.
      </p>
    );
  }
  return (
    <>
      <ScrollTable label="Differences of the recipes">
        <thead>
          <tr>
            <th scope="col">Setting</th>
            <th scope="col">{before.name}</th>
            <th scope="col">{after.name}</th>
          </tr>
        </thead>
        <tbody>
          {differences.map((difference) => (
            <tr key={difference.key}>
              <th scope="row">
                <span className="mono">{difference.key}</span>
              </th>
              <td>{valueWords(difference.before)}</td>
              <td>{valueWords(difference.after)}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      {before.dataDigest !== after.dataDigest && <p>The data are not the same either.</p>}
    </>
  );
}

function valueWords(value: unknown) {
  if (value === undefined) return <span className="quiet">not set</span>;
  if (value === null) return <span className="quiet">none</span>;
  return <span className="mono">{typeof value === "string" ? value : JSON.stringify(value)}</span>;
}
