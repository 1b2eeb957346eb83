import type {
  Device,
  DevicePreference,
  EmbeddingChoice,
  EncoderSpec,
} from "../../core/domain/encoder";
import { AppError } from "../../core/errors";
import type { Progress } from "../../core/progress";
import type { OpenedEncoder } from "../encoders/openEncoder";

interface EncoderWanted {
  readonly spec: EncoderSpec;
  readonly choice: EmbeddingChoice;
  readonly device: DevicePreference;
  /** Under `auto`: what was measured to be faster. */
  readonly measured?: Exclude<Device, "cpu">;
}

interface Entry extends EncoderWanted {
  readonly opened: Promise<OpenedEncoder>;
  readonly listeners: Set<(progress: Progress) => void>;
  users: number;
}

/** Loads an encoder; `measured` under `auto` names the device that was found faster before. */
export type OpenForJob = (
  spec: EncoderSpec,
  choice: EmbeddingChoice,
  device: DevicePreference,
  options: {
    readonly report: (progress: Progress) => void;
    readonly measured?: Exclude<Device, "cpu">;
  },
) => Promise<OpenedEncoder>;

/** Encoders in memory: each is loaded once, shared by its users, and freed when another is wanted. */
export class OpenEncoders {
  readonly #open: OpenForJob;
  readonly #entries = new Set<Entry>();

  constructor(open: OpenForJob) {
    this.#open = open;
  }

  /**
   * Runs `task` with the encoder wanted. One that is at work is shared whatever device is asked
   * for: changing the device takes effect with the next job.
   *
   * @throws AppError `cancelled` when `signal` aborts during the loading (which goes on, for others).
   */
  async use<T>(
    wanted: EncoderWanted,
    options: { signal: AbortSignal; report(progress: Progress): void },
    task: (opened: OpenedEncoder) => Promise<T>,
  ): Promise<T> {
    const entry = this.#find(wanted) ?? this.#add(wanted);
    entry.users++;
    entry.listeners.add(options.report);
    try {
      const opened = await unlessAborted(entry.opened, options.signal);
      entry.listeners.delete(options.report);
      return await task(opened);
    } finally {
      entry.listeners.delete(options.report);
      entry.users--;
    }
  }

  #find({ spec, choice, device }: EncoderWanted): Entry | undefined {
    return [...this.#entries].find(
      (entry) =>
        entry.spec.id === spec.id &&
        entry.choice.pooling === choice.pooling &&
        entry.choice.layer === choice.layer &&
        (entry.device === device || entry.users > 0),
    );
  }

  #add(wanted: EncoderWanted): Entry {
    const freed = this.#freeIdle();
    const listeners: Entry["listeners"] = new Set();
    const report = (progress: Progress) => listeners.forEach((listener) => listener(progress));
    const { spec, choice, device, measured } = wanted;
    const options = { report, ...(measured && { measured }) };
    const opened = freed.then(() => this.#open(spec, choice, device, options));
    const entry: Entry = { ...wanted, opened, listeners, users: 0 };
    this.#entries.add(entry);
    // A failed load is forgotten, so that the next call tries again; its users get the error.
    opened.catch(() => this.#entries.delete(entry));
    return entry;
  }

  async #freeIdle(): Promise<void> {
    const idle = [...this.#entries].filter(({ users }) => users === 0);
    for (const entry of idle) this.#entries.delete(entry);
    for (const { opened } of idle) {
      // Nothing to free where loading failed; a release that fails must not bar the next encoder.
      await opened.then(({ encoder }) => encoder.release()).catch(() => undefined);
    }
  }
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new AppError("cancelled"));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
