import { useServices } from "../../../../app/services";
import type { HubMember, WholeHub } from "../../../../core/domain/hub";
import type { MissingRequest, MissingTable } from "../../../../core/domain/hubQuery";
import { Estimate } from "../../../components/Estimate";
import { formatCount, formatNumberOf, formatPercent } from "../../../components/formatting";
import { saveFile } from "../../../components/saveFile";
import { TestSection } from "../../../components/TestSection";
import { useTest } from "../../../components/useTest";
import styles from "./HubTests.module.css";
import { missingCsv } from "./missingCsv";
import { SourceChoice } from "./SourceChoice";
import { useSources } from "./useSources";

/** Recall with every subset of the parts a query can have. */
export function MissingTest({ hub, members }: WholeHub) {
  const { hubs } = useServices();
  const choice = useSources(members);
  const { sources, target } = choice;
  const test = useTest<MissingRequest, MissingTable>(`hub-missing/${hub.id}`, (request, options) =>
    hubs.missing(request, options),
  );
  const count = 2 ** sources.length - 1;
  return (
    <TestSection
      id="missing"
      title="Missing modalities"
      intro="Held-out items that belong together are asked with every subset of their modalities: what each part adds, and what is left when one is missing."
      test={test}
      label="Asking with every combination"
      action={`Measure ${formatNumberOf(count, "combination")}`}
      onStart={
        sources.length > 0 ? () => test.start({ hubId: hub.id, sources, target }) : undefined
      }
      fields={<SourceChoice members={members} choice={choice} />}
    >
      {test.found && (
        <Subsets table={test.found.result} request={test.found.request} members={members} />
      )}
    </TestSection>
  );
}

interface SubsetsProps {
  readonly table: MissingTable;
  readonly request: MissingRequest;
  readonly members: readonly HubMember[];
}

function Subsets({ table, request, members }: SubsetsProps) {
  const name = (id: string) => members.find((member) => member.id === id)?.name ?? "removed";
  const ks = Object.keys(table.chance);
  const gallery = table.rows[0]?.result.gallery ?? 0;
  const save = () =>
    saveFile(
      "missing-modalities.csv",
      new Blob([missingCsv(table, request, name)], { type: "text/csv" }),
    );
  return (
    <>
      <div className={styles.scroll} role="region" tabIndex={0} aria-label="Recall by combination">
        <table className="table">
          <caption className={styles.caption}>
            Finding {name(table.target)}{" "}
            <span className="quiet">
              · {formatNumberOf(table.queries, "held-out query", "held-out queries")} in a gallery
              of {formatCount(gallery)}
            </span>
          </caption>
          <thead>
            <tr>
              {request.sources.map((id) => (
                <th scope="col" key={id}>
                  {name(id)}
                </th>
              ))}
              {ks.map((k) => (
                <th scope="col" className="number" key={k}>
                  recall@{k}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map(({ present, result }) => (
              <tr key={present.join()}>
                {request.sources.map((id) => (
                  <td key={id}>
                    <span aria-hidden="true">{present.includes(id) ? "✓" : "–"}</span>
                    <span className="visually-hidden">
                      {present.includes(id) ? "with" : "without"}
                    </span>
                  </td>
                ))}
                {ks.map((k) => {
                  const recall = result.recall[k];
                  return (
                    <td className="number" key={k}>
                      {recall ? <Estimate estimate={recall} /> : "n/a"}
                    </td>
                  );
                })}
              </tr>
            ))}
            <tr>
              <th scope="row" colSpan={request.sources.length}>
                chance
              </th>
              {ks.map((k) => (
                <td className="number" key={k}>
                  {formatPercent(table.chance[k] ?? NaN)}
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
      <div>
        <button type="button" className="button quiet" onClick={save}>
          Save as CSV
        </button>
      </div>
    </>
  );
}
