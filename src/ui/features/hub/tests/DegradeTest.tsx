import { useState } from "react";
import { useServices } from "../../../../app/services";
import type { HubMember, WholeHub } from "../../../../core/domain/hub";
import type {
  DegradationCurve,
  Degradation,
  DegradeRequest,
} from "../../../../core/domain/hubQuery";
import { LineChart } from "../../../charts/LineChart";
import { SelectField } from "../../../components/SelectField";
import { TestSection } from "../../../components/TestSection";
import { useTest } from "../../../components/useTest";
import { degradeAbout, degradeChart, degradeSummary, HOW } from "./degradeChart";
import { SourceChoice } from "./SourceChoice";
import { useSources } from "./useSources";

const SEED = 0;

/** Recall while one part of the query is made worse step by step. */
export function DegradeTest({ hub, members }: WholeHub) {
  const { hubs } = useServices();
  const choice = useSources(members);
  const { sources, target } = choice;
  const [wanted, worsen] = useState("");
  const worsened = sources.includes(wanted) ? wanted : (sources.at(-1) ?? "");
  const [how, setHow] = useState<Degradation>("noise");
  const test = useTest<DegradeRequest, DegradationCurve>(
    `hub-degrade/${hub.id}`,
    (request, options) => hubs.degrade(request, options),
  );
  return (
    <TestSection
      id="degrade"
      title="Degradation"
      intro="One part of a query is spoilt more and more while the others stay: where recall falls below the line without that part, a spoilt part is worse than none."
      test={test}
      label="Asking with a part made worse"
      action="Measure the degradation"
      onStart={
        sources.length > 0
          ? () => test.start({ hubId: hub.id, sources, target, worsened, how, seed: SEED })
          : undefined
      }
      fields={
        <>
          <SourceChoice members={members} choice={choice} />
          <SelectField
            label="Made worse"
            options={members.filter(({ id }) => sources.includes(id))}
            value={worsened}
            onChange={worsen}
          />
          <SelectField
            label="How"
            options={Object.entries(HOW).map(([id, { name }]) => ({ id, name }))}
            value={how}
            onChange={(id) => setHow(id as Degradation)} // the options' only values
          />
        </>
      }
      note={HOW[how].explanation}
    >
      {test.found && <Curve {...test.found} members={members} />}
    </TestSection>
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
