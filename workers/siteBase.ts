/**
 * Address of the site the page was served from, ending in `/`, for fetching models and samples.
 * The build's base is relative, so it is derived from this worker's own address: a built worker
 * lies in `assets/`, a development one anywhere under `/`.
 */
export function siteBase(): string {
  return new URL(import.meta.env.DEV ? "/" : "../", self.location.href).href;
}
