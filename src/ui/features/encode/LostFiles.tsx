import { useLoaded, useServices } from "../../../app/services";
import { downloadBytes, type EncoderSpec } from "../../../core/domain/encoder";
import { HubDownload } from "./HubDownload";

/** Offers the download again where the browser has dropped files of an encoder it still lists. */
export function LostFiles({ encoder }: { readonly encoder: EncoderSpec }) {
  const { downloads } = useServices();
  const stored = useLoaded("stored encoders", () => downloads.storedBytes(), ["encoders"]).value;
  if (!stored || (stored.get(encoder.id) ?? 0) >= (downloadBytes(encoder) ?? 0)) return null;
  return (
    <>
      <p>The browser has dropped files of this encoder. It needs them again to encode.</p>
      <HubDownload encoder={encoder} />
    </>
  );
}
