import { Hubs } from "../../../app/hubs";
import { isActive } from "../../../app/jobs";
import { useJob, useServices } from "../../../app/services";
import type { Hub, HubMember, PathScore } from "../../../core/domain/hub";
import type { Estimate as EstimateValue } from "../../../core/domain/evaluation";
import { Estimate } from "../../components/Estimate";
import { formatCount, formatPercent } from "../../components/formatting";
import { JobStatus } from "../../components/JobStatus";
import { Term } from "../../components/Term";
import { ScrollTable } from "../../components/ScrollTable";
import styles from "./Paths.module.css";
import { kindSentence, kindWords, measureSentence, type HubEdge } from "./hubPaths";

interface PathPanelProps {
  readonly hub: Hub;
  readonly members: readonly HubMember[];
  readonly edge: HubEdge;
  /** By `from/to`. */
  readonly scores: ReadonlyMap<string, PathScore>;
  readonly canEdit: boolean;
}

/** One path of the graph: what it is, and how well it leads both ways on held-out pairs. */
export function PathPanel({ hub, members, edge, scores, canEdit }: PathPanelProps) {
  const { from, to } = edge;
  const both = [
    { name: `${from.name} → ${to.name}`, score: scores.get(`${from.id}/${to.id}`) },
    { name: `${to.name} → ${from.name}`, score: scores.get(`${to.id}/${from.id}`) },
  ];
  const isBase = from.joined === null && to.joined === null;
  const cycle = both.map(({ score }) => score && measureSentence(score)).find(Boolean);
  return (
    <section className={styles.path} aria-labelledby="path">
      <h3 id="path" aria-live="polite">
        {from.name} and {to.name} <span className="quiet">· {kindWords(edge.hops)}</span>
      </h3>
      <p>{kindSentence(edge, members)}</p>
      {cycle && <p>{cycle}</p>}
      {isBase && hub.frozen && hub.frozen.recalls.length > 0 && (
        <p>
          When it was frozen, on its held-out pairs:{" "}
          {hub.frozen.recalls
            .map(({ name, value }) => `${name} ${formatPercent(value)}`)
            .join(", ")}
          .
        </p>
      )}
      {both.map(({ name, score }) => score && <PathScores key={name} name={name} score={score} />)}
      <Measure hub={hub} edge={edge} isKnown={both.every(({ score }) => score)} canEdit={canEdit} />
    </section>
  );
}

interface MeasureProps {
  readonly hub: Hub;
  readonly edge: HubEdge;
  readonly isKnown: boolean;
  readonly canEdit: boolean;
}

/** Measures a path that no joining has measured. */
function Measure({ hub, edge: { from, to }, isKnown, canEdit }: MeasureProps) {
  const { hubs, jobs } = useServices();
  const id = Hubs.pathJob(hub.id, from.id, to.id);
  const job = useJob(id);
  if (isKnown && !isActive(job)) return null;
  return (
    <>
      {!isActive(job) && (
        <div className="row">
          <button
            type="button"
            className="button"
            disabled={!canEdit}
            onClick={() => void hubs.measurePaths(hub.id, from.id, to.id)}
          >
            Measure this path
          </button>
          <span className="quiet">With interval, chance and controls.</span>
        </div>
      )}
      <JobStatus
        job={job.status === "cancelled" ? { status: "idle" } : job}
        label={`Measuring ${from.name} and ${to.name}`}
        onStop={() => jobs.cancel(id)}
        onDismiss={() => jobs.dismiss(id)}
      />
    </>
  );
}

function PathScores({ name, score }: { readonly name: string; readonly score: PathScore }) {
  const { result, chance, ridge, shuffled } = score;
  const ks = Object.keys(result.recall);
  return (
    <ScrollTable
      label={`${name}: recall`}
      caption={
        <>
          {name}{" "}
          <span className="quiet">
            · {formatCount(result.queries)} held-out queries in a gallery of{" "}
            {formatCount(result.gallery)}
          </span>
        </>
      }
      className={styles.table}
      isOneLine
    >
      <thead>
        <tr>
          <th scope="col">Method</th>
          {ks.map((k) => (
            <th scope="col" className="number" key={k}>
              recall@{k}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <Row name={<strong>this hub</strong>} ks={ks} of={(k) => result.recall[k]} />
        {ridge && (
          <Row
            name={
              <Term explanation="A closed-form linear map, fitted to the same training pairs: what a trained projector must be worth.">
                ridge
              </Term>
            }
            ks={ks}
            of={(k) => ridge[k]}
          />
        )}
        {shuffled && (
          <Row
            name={
              <Term explanation="The same linear map fitted to shuffled pairs: it must lie on chance, else something leaks.">
                shuffled pairs
              </Term>
            }
            ks={ks}
            of={(k) => shuffled[k]}
          />
        )}
        <Row name="chance" ks={ks} of={(k) => exactly(chance[k])} />
      </tbody>
    </ScrollTable>
  );
}

const exactly = (value: number | undefined): EstimateValue | undefined =>
  value === undefined ? undefined : { value, low: value, high: value };

interface RowProps {
  readonly name: React.ReactNode;
  readonly ks: readonly string[];
  readonly of: (k: string) => EstimateValue | undefined;
}

function Row({ name, ks, of }: RowProps) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {ks.map((k) => {
        const estimate = of(k);
        return (
          <td className="number" key={k}>
            {estimate ? <Estimate estimate={estimate} /> : "–"}
          </td>
        );
      })}
    </tr>
  );
}
