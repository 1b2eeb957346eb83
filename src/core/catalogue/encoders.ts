import type { Modality } from "../domain/modality";
import type { ChosenEncoders, Project } from "../domain/project";
import type { EmbeddingChoice, EncoderSpec } from "../domain/encoder";
import { AppError } from "../errors";
import { EMBEDDED_ENCODERS } from "./embeddedEncoders";
import { HUB_AUDIO_ENCODERS } from "./hubAudioEncoders";
import { HUB_IMAGE_ENCODERS } from "./hubImageEncoders";
import { HUB_TEXT_ENCODERS } from "./hubTextEncoders";

/** Every encoder the playground knows by itself, as plain data. Digests are checked on load. */
export const ENCODERS: readonly EncoderSpec[] = [
  ...EMBEDDED_ENCODERS,
  ...HUB_IMAGE_ENCODERS,
  ...HUB_TEXT_ENCODERS,
  ...HUB_AUDIO_ENCODERS,
];

/** @throws AppError `encoder/missing` for an id that is not in the catalogue. */
export function encoderById(id: string): EncoderSpec {
  const encoder = ENCODERS.find((entry) => entry.id === id);
  if (!encoder) throw new AppError("encoder/missing", `no encoder “${id}” in the catalogue`);
  return encoder;
}

/** What a new project encodes with: the encoders that ship with the page. */
export const DEFAULT_ENCODERS = {
  image: { id: "efficientnet-lite0", pooling: "mean", layer: null },
  text: { id: "all-minilm-l6-v2", pooling: "mean", layer: null },
} as const satisfies ChosenEncoders;

/** What sounds are encoded with unless told otherwise: the encoder that ships with the page. */
const SOUND_ENCODER: EmbeddingChoice = { id: "random-kernels", pooling: "mean", layer: null };

/** The same as `encoderOf`; undefined for sensors before an encoder was made for them. */
export function chosenEncoder(
  { encoders }: Pick<Project, "encoders">,
  modality: Modality,
): EmbeddingChoice | undefined {
  return encoders[modality] ?? (modality === "audio" ? SOUND_ENCODER : undefined);
}

/**
 * The embedding a project uses for a modality.
 *
 * @throws AppError `encoder/missing` for sensors before an encoder was made for their channels.
 */
export function encoderOf(project: Pick<Project, "encoders">, modality: Modality): EmbeddingChoice {
  const choice = chosenEncoder(project, modality);
  if (choice) return choice;
  throw new AppError("encoder/missing", "no encoder was made for these sensors yet");
}
