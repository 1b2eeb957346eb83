import { AppError } from "../errors";

/** A data set that ships with the page. */
export interface SampleSpec {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  /** Relative to the site's base. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly license: string;
}

export const SAMPLES = [
  {
    id: "emoji",
    name: "Emoji",
    summary: "3,246 emoji pictures in two drawing styles with their Unicode names",
    path: "samples/emoji.zip",
    sizeBytes: 4_863_954,
    sha256: "909cd1713b9c1b20c91fa12365d19803392d968f12d73a00c703263fe43a7c66",
    license: "Noto Emoji: Apache-2.0; Fluent Emoji: MIT; names: Unicode License v3",
  },
  {
    id: "spoken-emoji",
    name: "Spoken emoji",
    summary: "The names of 420 emoji, each spoken by two synthetic voices",
    path: "samples/spoken-emoji.zip",
    sizeBytes: 3820940,
    sha256: "a3771d224e9304c7d0e481328bd42d9907b043e376fccc68d0f430480984c0d0",
    license: "Speech synthesised with espeak-ng 1.51; names: Unicode License v3",
  },
] as const satisfies readonly SampleSpec[];

/** @throws AppError `recipe/invalid` for an unknown sample. */
export function sampleById(id: string): SampleSpec {
  const sample = SAMPLES.find((entry) => entry.id === id);
  if (!sample) {
    const known = SAMPLES.map((entry) => entry.id).join(", ");
    throw new AppError("recipe/invalid", `no sample “${id}”; samples: ${known}`);
  }
  return sample;
}
