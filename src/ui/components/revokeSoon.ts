/** Longer than a picture takes to be fetched from its own address. */
const KEEP_URL_MS = 5_000;

/**
 * Lets go of an object URL once nobody can still be fetching it: an image that leaves the screen
 * while it loads would else report a missing file.
 */
export function revokeSoon(url: string): void {
  setTimeout(() => URL.revokeObjectURL(url), KEEP_URL_MS);
}
