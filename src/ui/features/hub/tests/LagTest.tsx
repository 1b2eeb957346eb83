import { useState } from "react";
import { isActive } from "../../../../app/jobs";
import { useServices } from "../../../../app/services";
import type { HubMember, WholeHub } from "../../../../core/domain/hub";
import type { LagRequest, LagScan, LagSpace } from "../../../../core/domain/hubQuery";
import { LineChart } from "../../../charts/LineChart";
import { JobStatus } from "../../../components/JobStatus";
import styles from "./HubTests.module.css";
import { lagAbout, lagChart, lagVerdict, SPACES } from "./lagChart";
import { useHubTest } from "./useHubTest";

const MOST = 20;
const LARGEST = 500;
const SEED = 0;

/** Alignment of two streams over the offset between them; nothing where no member is a stream. */
export function LagTest({ hub, members }: WholeHub) {
  const streams = members.filter(({ modality }) => modality === "sensor");
  if (streams.length === 0) return null;
  return <LagForm hub={hub} members={members} streams={streams} />;
}

interface LagFormProps extends WholeHub {
  /** Members whose items come in the order of time. */
  readonly streams: readonly HubMember[];
}

function LagForm({ hub, members, streams }: LagFormProps) {
  const { hubs } = useServices();
  const [chosen, choose] = useState({ from: "", to: "", space: "shared" as LagSpace, most: MOST });
  const from = streams.find(({ id }) => id === chosen.from) ?? streams[0];
  const others = members.filter(({ id }) => id !== from?.id);
  const to = others.find(({ id }) => id === chosen.to) ?? others[0];
  const test = useHubTest<LagRequest, LagScan>(`hub-lag/${hub.id}`, (request, options) =>
    hubs.lagScan(request, options),
  );
  const set = (change: Partial<typeof chosen>) => choose({ ...chosen, ...change });
  const { space, most } = chosen;
  const isMostValid = Number.isInteger(most) && most >= 1 && most <= LARGEST;
  return (
    <section className={styles.test} aria-labelledby="lag">
      <h2 id="lag">Lag scan</h2>
      <p className={styles.intro}>
        Two recordings whose clocks disagree look as if they had nothing in common. The scan
        compares each window with what the other side had so many windows earlier or later: a peak
        away from 0 is the offset of the clocks. Items are taken in the order of their rows.
      </p>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (from && to)
            test.start({ hubId: hub.id, ...streamsOf(from, to, space), most, seed: SEED });
        }}
      >
        <MemberSelect
          label="Windows of"
          members={streams}
          value={from?.id}
          onChange={(id) => set({ from: id })}
        />
        <MemberSelect
          label="Against"
          members={others}
          value={to?.id}
          onChange={(id) => set({ to: id })}
        />
        <label className={styles.field}>
          Compared in
          <select
            className="field"
            value={space}
            onChange={(event) => set({ space: event.target.value as LagSpace })} // the options' only values
          >
            {Object.entries(SPACES).map(([id, { name }]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label className={styles.field}>
          Largest offset
          <input
            type="number"
            className="field"
            min={1}
            max={LARGEST}
            value={Number.isNaN(most) ? "" : most}
            aria-invalid={!isMostValid}
            onChange={({ target }) => set({ most: target.valueAsNumber })}
          />
        </label>
        <button
          type="submit"
          className="button"
          disabled={!from || !to || !isMostValid || isActive(test.job)}
        >
          Scan the offsets
        </button>
      </form>
      <p className="quiet">{SPACES[space].explanation}</p>
      <JobStatus
        job={test.job}
        label="Comparing at every offset"
        onStop={test.stop}
        onDismiss={test.dismiss}
      />
      {test.found && <Scan {...test.found} members={members} />}
    </section>
  );
}

/** Both sides as the scan takes them: members, or what their encoders gave. */
function streamsOf(from: HubMember, to: HubMember, space: LagSpace) {
  const raw = ({ data, modality, encoderKey, id }: HubMember) =>
    data ? { projectId: data.projectId, modality, encoderKey } : id;
  return space === "raw"
    ? { from: raw(from), to: raw(to), space }
    : { from: from.id, to: to.id, space };
}

interface MemberSelectProps {
  readonly label: string;
  readonly members: readonly HubMember[];
  readonly value: string | undefined;
  readonly onChange: (memberId: string) => void;
}

function MemberSelect({ label, members, value = "", onChange }: MemberSelectProps) {
  return (
    <label className={styles.field}>
      {label}
      <select className="field" value={value} onChange={({ target }) => onChange(target.value)}>
        {members.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

interface ScanProps {
  readonly request: LagRequest;
  readonly result: LagScan;
  readonly members: readonly HubMember[];
}

function Scan({ request, result, members }: ScanProps) {
  const nameOf = (side: LagRequest["from"]) =>
    members.find(({ id, encoderKey }) =>
      typeof side === "string" ? id === side : encoderKey === side.encoderKey,
    )?.name ?? "removed";
  const names = { from: nameOf(request.from), to: nameOf(request.to) };
  const verdict = lagVerdict(result);
  return (
    <>
      <p role="status">{verdict}</p>
      <LineChart
        data={lagChart(result)}
        height={220}
        title={`Alignment of ${names.from} with ${names.to} by offset`}
        xLabel="offset in windows"
        summary={verdict}
        labelWidth={160}
        about={lagAbout(result, request)}
      />
    </>
  );
}
