import { Encoding } from "../../../app/encoding";
import { isActive } from "../../../app/jobs";
import { useEncoders, useJob, useLoaded, useServices } from "../../../app/services";
import { chosenEncoder } from "../../../core/catalogue/encoders";
import type { Calibration, EncoderSpec } from "../../../core/domain/encoder";
import type { Modality } from "../../../core/domain/modality";
import { formatDuration, formatNumberOf, formatRate } from "../../components/formatting";
import { JobStatus } from "../../components/JobStatus";
import { useProject } from "../../components/projectContext";
import { useDevice } from "../../components/useDevice";
import styles from "./EncodeTime.module.css";

interface EncodeTimeProps {
  readonly modality: Modality;
  /** `image`, `caption`. */
  readonly noun: string;
  /** Items still to encode. */
  readonly remaining: number;
  /** An encoding runs: its own progress says more. */
  readonly isBusy: boolean;
}

/** How long encoding will take on this device: measured, or said to be not measured. */
export function EncodeTime({ modality, noun, remaining, isBusy }: EncodeTimeProps) {
  const { project } = useProject();
  const chosen = chosenEncoder(project, modality)?.id;
  const spec = useEncoders().find(({ id }) => id === chosen);
  if (!spec || spec.preprocessing === null || remaining === 0 || isBusy) return null;
  return <TimeOf {...{ modality, noun, remaining, spec }} />;
}

interface TimeOfProps extends Omit<EncodeTimeProps, "isBusy"> {
  readonly spec: EncoderSpec;
}

function TimeOf({ modality, noun, remaining, spec }: TimeOfProps) {
  const { encoding, jobs } = useServices();
  const { project, canEdit } = useProject();
  const { preference } = useDevice();
  const job = useJob(Encoding.measureJob(spec.id));
  const key = `calibration/${spec.id}/${spec.revision}/${preference}`;
  const known = useLoaded(key, async () => (await encoding.calibration(spec)) ?? null, [
    "calibrations",
    "encoders",
  ]);
  const stop = () => jobs.cancel(Encoding.measureJob(spec.id));
  if (known.value === undefined) return null;
  return (
    <div className={styles.time}>
      <p className="quiet">
        {formatNumberOf(remaining, noun)}: {timeWords(known.value, spec, remaining)}
      </p>
      {!isActive(job) && (
        <button
          type="button"
          className="button quiet"
          disabled={!canEdit}
          onClick={() => void encoding.measure(project, modality)}
        >
          {known.value?.tried.length ? "Measure again" : "Measure"}
        </button>
      )}
      <JobStatus
        job={job.status === "cancelled" ? { status: "idle" } : job}
        label={`Measuring ${spec.name}`}
        onStop={stop}
        onDismiss={() => jobs.dismiss(Encoding.measureJob(spec.id))}
      />
      {known.value && known.value.tried.length > 0 && (
        <Tried calibration={known.value} noun={noun} />
      )}
    </div>
  );
}

function timeWords(calibration: Calibration | null, spec: EncoderSpec, remaining: number): string {
  if (calibration) {
    const time = formatDuration(remaining * calibration.msPerItem);
    return `about ${time} on this device (${settingWords(calibration)}).`;
  }
  const guess = remaining * spec.wasmMsPerItem;
  if (!(guess > 0)) return "not measured on this device.";
  return `not measured on this device; about ${formatDuration(guess)} on one CPU thread of a plain laptop.`;
}

type Setting = Pick<Calibration, "device" | "threads" | "batchSize"> & {
  readonly adapter?: string | null;
};

function settingWords({ device, adapter, threads, batchSize }: Setting): string {
  if (device === "webgpu") return `WebGPU${adapter ? ` · ${adapter}` : ""}, batch ${batchSize}`;
  return `WebAssembly, batch ${batchSize}, ${formatNumberOf(threads, "thread")}`;
}

function Tried({ calibration, noun }: { calibration: Calibration; noun: string }) {
  return (
    <details>
      <summary>{formatNumberOf(calibration.tried.length, "setting")} measured</summary>
      <ul className={styles.tried}>
        {calibration.tried.map((trial) => (
          <li key={settingWords(trial)}>
            {settingWords(trial)}: {formatRate(1000 / trial.msPerItem, `${noun}s`)}
          </li>
        ))}
      </ul>
    </details>
  );
}
