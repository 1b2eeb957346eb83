import { useHubAddress } from "../../app/services";
import { downloadBytes, type EncoderSpec } from "../../core/domain/encoder";
import { Dialog } from "./Dialog";
import { downloadSize } from "./encoderWords";
import { FactList } from "./FactList";
import { formatBytes } from "./formatting";

interface DownloadConsentProps {
  /** What would be fetched; closed when empty. */
  readonly encoders: readonly EncoderSpec[];
  /** What happens afterwards, added to the button: `and run`. */
  readonly then?: string;
  readonly onAgree: () => void;
  readonly onClose: () => void;
}

/** Asks before anything is fetched from another site: name, repository, size and licence. */
export function DownloadConsent({ encoders, then = "", onAgree, onClose }: DownloadConsentProps) {
  const hub = useHubAddress();
  const bytes = encoders.reduce((sum, encoder) => sum + (downloadBytes(encoder) ?? 0), 0);
  const title = encoders.length === 1 ? `Download ${encoders[0]?.name}?` : "Download encoders?";
  return (
    <Dialog title={title} open={encoders.length > 0} onClose={onClose}>
      {encoders.map((encoder) => (
        <EncoderOffer key={encoder.id} encoder={encoder} hub={hub} />
      ))}
      <p>
        What is sent: nothing but the request for these files. What arrives is checked against its
        SHA-256 and kept in this browser until you delete it.
      </p>
      <div className="actions">
        <button type="button" className="button primary" onClick={onAgree}>
          {["Download", formatBytes(bytes), then].filter(Boolean).join(" ")}
        </button>
        <button type="button" className="button" onClick={onClose}>
          Not now
        </button>
      </div>
    </Dialog>
  );
}

function EncoderOffer({ encoder, hub }: { readonly encoder: EncoderSpec; readonly hub: string }) {
  const { name, source, revision, license, files, verified } = encoder;
  const facts: readonly (readonly [string, string])[] = [
    ["Encoder", name],
    ["From", `${hub}/${source}, ${commitInWords(revision)}`],
    ["Files", files.map(({ path }) => path).join(", ")],
    ["Size", downloadSize(encoder)],
    ["Licence", license],
    ["Checked", verified ? "run here, its numbers compared" : "not yet verified by this project"],
  ];
  return <FactList facts={facts} />;
}

function commitInWords(revision: string): string {
  return revision === "main" ? "its newest version" : `version ${revision.slice(0, 7)}`;
}
