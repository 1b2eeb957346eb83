import { useState } from "react";
import { useServices } from "../../../app/services";
import type { LagRequest, LagScan, LagSpace, RawStream } from "../../../core/domain/hubQuery";
import type { Modality } from "../../../core/domain/modality";
import { LineChart } from "../../charts/LineChart";
import { ITEM_NOUNS } from "../modalityWords";
import { SelectField } from "../SelectField";
import fields from "../SelectField.module.css";
import { TestSection } from "../TestSection";
import { useTest } from "../useTest";
import { lagAbout, lagChart, lagVerdict, SPACES } from "./lagChart";

const MOST = 20;
const LARGEST = 500;
const SEED = 0;

/** One side of a lag scan: items in the order of time. */
export interface LagSide {
  readonly id: string;
  readonly name: string;
  readonly modality: Modality;
  /** What its encoder gave; null where that is not here. */
  readonly raw: RawStream | null;
}

interface LagTestProps {
  /** Of the scan as a job. */
  readonly jobId: string;
  /** The hub whose members the sides are, by id; null: both are encoded items of projects. */
  readonly hubId: string | null;
  /** What can be compared. */
  readonly streams: readonly LagSide[];
  /** With what; a side is never compared with itself. */
  readonly others: readonly LagSide[];
}

/** Alignment of two streams over the offset between them. */
export function LagTest({ jobId, hubId, streams, others }: LagTestProps) {
  const { hubs } = useServices();
  const [chosen, choose] = useState({ from: "", to: "", space: "shared" as LagSpace, most: MOST });
  const from = streams.find(({ id }) => id === chosen.from) ?? streams[0];
  const partners = others.filter(({ id }) => id !== from?.id);
  const to = partners.find(({ id }) => id === chosen.to) ?? partners[0];
  const test = useTest<LagRequest, LagScan>(jobId, (request, options) =>
    hubs.lagScan(request, options),
  );
  const set = (change: Partial<typeof chosen>) => choose({ ...chosen, ...change });
  const space = hubId === null ? "raw" : chosen.space;
  const { most } = chosen;
  const isMostValid = Number.isInteger(most) && most >= 1 && most <= LARGEST;
  const isReady = from !== undefined && to !== undefined && isMostValid;
  return (
    <TestSection
      id="lag"
      title="Lag scan"
      intro="Two recordings whose clocks disagree look as if they had nothing in common. The scan compares each item with what the other side had so many items earlier or later: a peak away from 0 is the offset of the clocks. Items are taken in the order of their rows."
      test={test}
      label="Comparing at every offset"
      action="Scan the offsets"
      onStart={
        isReady
          ? () => test.start({ ...requestOf(from, to, { space, hubId }), most, seed: SEED })
          : undefined
      }
      fields={
        <>
          <SelectField
            label="Stream"
            options={streams}
            value={from?.id}
            onChange={(id) => set({ from: id })}
          />
          <SelectField
            label="Against"
            options={partners}
            value={to?.id}
            onChange={(id) => set({ to: id })}
          />
          {hubId !== null && (
            <SelectField
              label="Compared in"
              options={Object.entries(SPACES).map(([id, { name }]) => ({ id, name }))}
              value={space}
              onChange={(id) => set({ space: id as LagSpace })} // the options' only values
            />
          )}
          <label className={fields.above}>
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
        </>
      }
      note={SPACES[space].explanation}
    >
      {test.found && <Scan {...test.found} sides={[...streams, ...others]} />}
    </TestSection>
  );
}

/** Both sides as the scan takes them: members, or what their encoders gave. */
function requestOf(
  from: LagSide,
  to: LagSide,
  { space, hubId }: { readonly space: LagSpace; readonly hubId: string | null },
) {
  const isRaw = space === "raw" && from.raw !== null && to.raw !== null;
  // Without the hub, which need not be opened for what its encoders gave.
  if (isRaw) return { hubId: null, from: from.raw, to: to.raw, space };
  return { hubId, from: from.id, to: to.id, space };
}

interface ScanProps {
  readonly request: LagRequest;
  readonly result: LagScan;
  readonly sides: readonly LagSide[];
}

function Scan({ request, result, sides }: ScanProps) {
  const sideOf = (asked: LagRequest["from"]) =>
    sides.find(({ id, raw }) => (typeof asked === "string" ? id === asked : isSame(raw, asked)));
  const nameOf = (asked: LagRequest["from"]) => sideOf(asked)?.name ?? "removed";
  const noun = ITEM_NOUNS[sideOf(request.from)?.modality ?? "sensor"];
  const verdict = lagVerdict(result, noun);
  const about = lagAbout(result, request);
  return (
    <>
      <p role="status">{verdict}</p>
      <LineChart
        data={lagChart(result)}
        height={220}
        title={`Alignment of ${nameOf(request.from)} with ${nameOf(request.to)} by offset`}
        xLabel={`offset in ${noun}s`}
        summary={verdict}
        labelWidth={160}
        about={about}
      />
      <p className="quiet">{about.slice(1, -1).join(" ")}</p>
    </>
  );
}

function isSame(a: RawStream | null, b: RawStream): boolean {
  return a?.projectId === b.projectId && a.modality === b.modality && a.encoderKey === b.encoderKey;
}
