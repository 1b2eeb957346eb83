import { formatDuration, formatNumberOf } from "../../components/formatting";
import { NamedItemList } from "../../components/NamedItemList";
import { Term } from "../../components/Term";
import styles from "./EncodePanel.module.css";
import type { EncodeResult } from "./useEncodeSide";

/** How an encoding ended: device, self-check, and what could not be encoded. */
export function EncodeOutcome({ result }: { readonly result: EncodeResult }) {
  const { encoded, elapsedMs, failed, flagged = [], deviceReason } = result;
  // Nothing ran: the vectors were imported.
  if (result.device === "cpu" && failed.length === 0) return null;
  return (
    <div className={styles.outcome}>
      <p className="quiet">
        {encoded > 0
          ? `${formatNumberOf(encoded, "item")} in ${formatDuration(elapsedMs)} on ${deviceOf(result)}. `
          : `Everything was encoded already. `}
        {deviceReason !== undefined && `Device: ${deviceReason}. `}
        <Term explanation="Before it is used, the encoder computes a few stored inputs whose vectors are known from the original model. The cosine between the two is 1 when this device computes exactly the same; below the threshold its embeddings are refused.">
          Self-check
        </Term>
        :{" "}
        {result.parityCosine === null
          ? "this encoder has no reference vectors; its output is finite"
          : `cosine at least ${result.parityCosine.toFixed(5)}`}
        .
      </p>
      {failed.length > 0 && (
        <NamedItemList
          summary={`${formatNumberOf(failed.length, "item")} could not be encoded`}
          items={failed}
        />
      )}
      {flagged.length > 0 && (
        <NamedItemList
          summary={`${formatNumberOf(flagged.length, "item")} encoded, with a doubt`}
          items={flagged}
        />
      )}
    </div>
  );
}

function deviceOf({ device, threads, adapter }: EncodeResult): string {
  if (device === "webgpu") return adapter ? `WebGPU (${adapter})` : "WebGPU";
  return threads > 1 ? `the CPU, ${threads} threads` : "the CPU, 1 thread";
}
