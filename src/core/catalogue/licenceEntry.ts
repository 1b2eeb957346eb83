/** Licences of what ships with the page, by SPDX id; each text is served at `licenses/<id>.txt`. */
export const LICENCE_IDS = [
  "Apache-2.0",
  "BSD-3-Clause",
  "ISC",
  "MIT",
  "MPL-2.0",
  "OFL-1.1",
  "Unicode-3.0",
  "Unlicense",
] as const;
export type LicenceId = (typeof LICENCE_IDS)[number];

/** One thing that ships with the page; ours are only the random kernels. */
export interface LicenceEntry {
  readonly name: string;
  readonly version: string;
  readonly licence: LicenceId;
  /** The notice its licence asks to keep. */
  readonly copyright: string;
  /** What the page uses it for. */
  readonly use: string;
  readonly kind: "model" | "data" | "font" | "library";
}

/** Path of a licence's full text, relative to the site's base. */
export function licencePath(id: LicenceId): string {
  return `licenses/${id}.txt`;
}
