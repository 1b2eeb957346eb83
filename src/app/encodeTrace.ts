import type { DevicePreference } from "../core/domain/encoder";
import type { AppError } from "../core/errors";
import type { Progress } from "../core/progress";
import type { Culprits } from "./culprits";
import type { Diagnosis } from "./recovery";

/** Hangs without a finished batch between them, on a device that may be the GPU: it is the driver. */
const DRIVER_HANGS = 2;

/** Follows an encoding closely enough to say what ended its worker. */
export class EncodeTrace {
  readonly #culprits: Culprits;
  readonly #mayUseGpu: boolean;
  #stage = "";
  #inFlight: readonly string[] = [];
  #firstDone: number | undefined;
  #hangsInARow = 0;

  /** @param mayUseGpu whether a graphics driver can be the cause of a hang. */
  constructor(culprits: Culprits, mayUseGpu: boolean) {
    this.#culprits = culprits;
    this.#mayUseGpu = mayUseGpu;
  }

  /** A fresh worker begins. */
  restart(): void {
    this.#stage = "";
    this.#inFlight = [];
    this.#firstDone = undefined;
  }

  /** A report arrived. */
  follow({ stage, done }: Progress, inFlight: readonly string[] | undefined): void {
    this.#stage = stage;
    if (inFlight) this.#inFlight = inFlight;
    if (stage !== "encode") return;
    this.#firstDone ??= done;
    if (done === this.#firstDone) return;
    this.#hangsInARow = 0;
    this.#culprits.acquit();
  }

  /** @throws AppError `encoder/crashes` when the search for the item at fault must be given up. */
  diagnose({ code }: AppError, device: DevicePreference): Diagnosis {
    if (code === "webgpu/lost") return "unknown";
    const mayBeGpu = code === "worker/stalled" && device !== "wasm" && this.#mayUseGpu;
    if (this.#inFlight.length === 0) {
      return mayBeGpu && this.#stage === "self-check" ? "device" : "unknown";
    }
    if (mayBeGpu && ++this.#hangsInARow >= DRIVER_HANGS) return "device";
    this.#culprits.blame(this.#inFlight);
    return "item";
  }
}
