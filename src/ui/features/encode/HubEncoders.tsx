import { useState } from "react";
import { Downloads } from "../../../app/downloads";
import { useServices } from "../../../app/services";
import type { EncoderSpec } from "../../../core/domain/encoder";
import { encoderInShort } from "../../components/encoderWords";
import styles from "./EncoderCards.module.css";
import { HubDownload } from "./HubDownload";

/** Encoders that can be downloaded, folded away until asked for. Nothing is fetched by looking. */
export function HubEncoders({ encoders }: { readonly encoders: readonly EncoderSpec[] }) {
  const { jobs } = useServices();
  const busy = encoders.some(({ id }) => jobs.get(Downloads.job(id)).status !== "idle");
  const [open, setOpen] = useState(busy);
  if (encoders.length === 0) return null;
  return (
    <details
      className={styles.hub}
      open={open}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>More encoders to download ({encoders.length})</summary>
      {open && (
        <ul>
          {encoders.map((encoder) => (
            <li key={encoder.id} className={styles.row}>
              <div>
                <strong>{encoder.name}</strong>
                <p className="quiet">{encoder.summary}</p>
                <p className={styles.short}>{encoderInShort(encoder)}</p>
              </div>
              <HubDownload encoder={encoder} />
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
