import { isActive } from "../../../../app/jobs";
import { useServices } from "../../../../app/services";
import type { HubMember, WholeHub } from "../../../../core/domain/hub";
import type { MissingRequest, MissingTable } from "../../../../core/domain/hubQuery";
import { Estimate } from "../../../components/Estimate";
import { formatCount, formatNumberOf, formatPercent } from "../../../components/formatting";
import { JobStatus } from "../../../components/JobStatus";
import { saveFile } from "../../../components/saveFile";
import styles from "./HubTests.module.css";
import { missingCsv } from "./missingCsv";
import { SourceChoice } from "./SourceChoice";
import { useHubTest } from "./useHubTest";
import { useSources } from "./useSources";

/** Recall with every subset of the parts a query can have. */
export function MissingTest({ hub, members }: WholeHub) {
  const { hubs } = useServices();
  const choice = useSources(members);
  const { sources, target } = choice;
  const test = useHubTest<MissingRequest, MissingTable>(
    `hub-missing/${hub.id}`,
    (request, options) => hubs.missing(request, options),
  );
  const count = 2 ** sources.length - 1;
  return (
    <section className={styles.test} aria-labelledby="missing">
      <h2 id="missing">Missing modalities</h2>
      <p className={styles.intro}>
        Held-out items that belong together are asked with every subset of their modalities: what
        each part adds, and what is left when one is missing.
      </p>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          test.start({ hubId: hub.id, sources, target });
        }}
      >
        <SourceChoice members={members} choice={choice} />
        <button
          type="submit"
          className="button"
          disabled={sources.length === 0 || isActive(test.job)}
        >
          Measure {formatNumberOf(count, "combination")}
        </button>
      </form>
      <JobStatus
        job={test.job}
        label="Asking with every combination"
        onStop={test.stop}
        onDismiss={test.dismiss}
      />
      {test.found && (
        <Subsets table={test.found.result} request={test.found.request} members={members} />
      )}
    </section>
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
