import { useEffect, useState } from "react";

/** Long enough for the browser to take back the fetch of an element that was just detached. */
const REVOKE_AFTER_MS = 1_000;

/** A blob, or how to get it. A function must be stable: another function is another blob. */
export type BlobSource = Blob | (() => Promise<Blob>);

/** The address of a blob. */
export type BlobUrl =
  | { readonly url: string; readonly blob: Blob }
  /** Undefined: being read; null: it cannot be read, which its own place on the screen says. */
  | { readonly url: undefined | null; readonly blob?: undefined };

const PENDING: BlobUrl = { url: undefined };

/**
 * A blob as an address (object URL) for an image or a player, which must be there only while there
 * is an address, and must have {@link detachOnUnmount} as its `ref`. The address of a source that
 * changed is gone in the same rendering, so no element ever has one that was revoked.
 */
export function useBlobUrl(source: BlobSource): BlobUrl {
  const [loaded, setLoaded] = useState<{ source: BlobSource; result: BlobUrl }>();
  useEffect(() => {
    let isCurrent = true;
    let url: string | undefined;
    const show = (blob: Blob) => {
      if (!isCurrent) return;
      url = URL.createObjectURL(blob);
      setLoaded({ source, result: { url, blob } });
    };
    if (typeof source !== "function") show(source);
    else source().then(show, () => isCurrent && setLoaded({ source, result: { url: null } }));
    return () => {
      isCurrent = false;
      const old = url;
      if (old) setTimeout(() => URL.revokeObjectURL(old), REVOKE_AFTER_MS);
    };
  }, [source]);
  return loaded?.source === source ? loaded.result : PENDING;
}

/**
 * The `ref` of an element with an object URL: takes the address from it as it leaves the screen.
 * An element that was removed goes on loading, so its address must not be revoked before. Chromium
 * starts to fetch a sound some time after its element appears, whatever `preload` says, and tries
 * again up to thirty times, each of which is an error in the console once the address is revoked.
 */
export function detachOnUnmount(element: HTMLImageElement | HTMLMediaElement | null): () => void {
  return () => {
    if (!element) return; // React passes null only where a ref returns nothing
    if (element instanceof HTMLMediaElement) element.pause();
    element.removeAttribute("src");
    if (element instanceof HTMLMediaElement) element.load(); // ends what is being fetched
  };
}
