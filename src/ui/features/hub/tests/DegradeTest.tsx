import { useState } from "react";
import { isActive } from "../../../../app/jobs";
import { useServices } from "../../../../app/services";
import type { HubMember, WholeHub } from "../../../../core/domain/hub";
import type {
  DegradationCurve,
  Degradation,
  DegradeRequest,
} from "../../../../core/domain/hubQuery";
import { LineChart } from "../../../charts/LineChart";
import { JobStatus } from "../../../components/JobStatus";
import { degradeAbout, degradeChart, degradeSummary, HOW } from "./degradeChart";
import styles from "./HubTests.module.css";
import { SourceChoice } from "./SourceChoice";
import { useHubTest } from "./useHubTest";
import { useSources, type Sources } from "./useSources";

const SEED = 0;

/** Recall while one part of the query is made worse step by step. */
export function DegradeTest({ hub, members }: WholeHub) {
  const { hubs } = useServices();
  const choice = useSources(members);
  const { sources, target } = choice;
  const [wanted, worsen] = useState("");
  const worsened = sources.includes(wanted) ? wanted : (sources.at(-1) ?? "");
  const [how, setHow] = useState<Degradation>("noise");
  const test = useHubTest<DegradeRequest, DegradationCurve>(
    `hub-degrade/${hub.id}`,
    (request, options) => hubs.degrade(request, options),
  );
  return (
    <section className={styles.test} aria-labelledby="degrade">
      <h2 id="degrade">Degradation</h2>
      <p className={styles.intro}>
        One part of a query is spoilt more and more while the others stay: where recall falls below
        the line without that part, a spoilt part is worse than none.
      </p>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          test.start({ hubId: hub.id, sources, target, worsened, how, seed: SEED });
        }}
      >
        <SourceChoice members={members} choice={choice} />
        <Worsening {...{ members, choice, worsened, worsen, how, setHow }} />
        <button
          type="submit"
          className="button"
          disabled={sources.length === 0 || isActive(test.job)}
        >
          Measure the degradation
        </button>
      </form>
      <p className="quiet">{HOW[how].explanation}</p>
      <JobStatus
        job={test.job}
        label="Asking with a part made worse"
        onStop={test.stop}
        onDismiss={test.dismiss}
      />
      {test.found && <Curve {...test.found} members={members} />}
    </section>
  );
}

interface WorseningProps {
  readonly members: readonly HubMember[];
  readonly choice: Sources;
  readonly worsened: string;
  readonly worsen: (memberId: string) => void;
  readonly how: Degradation;
  readonly setHow: (how: Degradation) => void;
}

function Worsening({ members, choice, worsened, worsen, how, setHow }: WorseningProps) {
  return (
    <>
      <label className={styles.field}>
        Made worse
        <select className="field" value={worsened} onChange={(event) => worsen(event.target.value)}>
          {members
            .filter(({ id }) => choice.sources.includes(id))
            .map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
        </select>
      </label>
      <label className={styles.field}>
        How
        <select
          className="field"
          value={how}
          onChange={(event) => setHow(event.target.value as Degradation)} // the options' only values
        >
          {Object.entries(HOW).map(([id, { name }]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

interface CurveProps {
  readonly request: DegradeRequest;
  readonly result: DegradationCurve;
  readonly members: readonly HubMember[];
}

function Curve({ request, result, members }: CurveProps) {
  const nameOf = (id: string) => members.find((member) => member.id === id)?.name ?? "removed";
  return (
    <LineChart
      data={degradeChart(result, request, nameOf)}
      height={260}
      title={`Finding ${nameOf(request.target)}, with ${nameOf(request.worsened)} made worse`}
      xLabel={HOW[request.how].axis}
      summary={degradeSummary(result, request, nameOf)}
      labelWidth={200}
      about={degradeAbout(result, request, nameOf)}
    />
  );
}
