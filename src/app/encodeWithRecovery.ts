import type { EncodeSummary } from "../core/domain/encodeRequest";
import type { EncodeContract } from "../rpc/encodeContract";
import type { Culprits } from "./culprits";
import type { EncodeJob } from "./encodePreparation";
import { EncodeTrace } from "./encodeTrace";
import type { EncodeWorker } from "./encodeWorker";
import { OPENING_LIMITS } from "./openingLimits";
import { withRecovery } from "./recovery";

interface RecoveryOptions extends EncodeJob {
  readonly request: Omit<EncodeContract["encodeItems"]["params"], "skip" | "suspects">;
  /** What earlier attempts found out about items that end the worker; it learns more here. */
  readonly culprits: Culprits;
  readonly mayUseGpu: boolean;
  readonly onHungGpu: () => void;
  /** Said beside the progress. */
  readonly note?: string;
}

/**
 * Encodes what is missing; a worker that ends or hangs is started anew, and whatever item ended it
 * is found by halving and left out.
 */
export function encodeWithRecovery(
  worker: EncodeWorker,
  { request, culprits, mayUseGpu, onHungGpu, signal, report, note }: RecoveryOptions,
): Promise<EncodeSummary> {
  const trace = new EncodeTrace(culprits, mayUseGpu);
  return withRecovery(
    {
      device: request.device,
      signal,
      restart: () => worker.close(),
      diagnose: (error, device) => {
        const diagnosis = trace.diagnose(error, device);
        if (diagnosis === "device") onHungGpu();
        return diagnosis;
      },
    },
    ({ device, annotate }) => {
      trace.restart();
      return worker.call(
        "encodeItems",
        { ...request, device, skip: culprits.skip, suspects: culprits.suspects },
        {
          signal,
          watch: ["encode"],
          limits: OPENING_LIMITS,
          harmless: ["load-encoder", "self-check"],
          onProgress: ({ inFlight, ...progress }) => {
            trace.follow(progress, inFlight);
            if (inFlight) return; // one per batch: for the trace, too many for a screen
            report(annotate(note === undefined ? progress : { ...progress, note }));
          },
        },
      );
    },
  );
}
