import type { QueryInput } from "../../core/domain/encodeRequest";
import type { Modality } from "../../core/domain/modality";
import { AppError } from "../../core/errors";
import type { SoundInput } from "../encoders/soundFeatures";

/** The file in an input for an encoder of files. @throws AppError `encoder/input`. */
export function fileOf(modality: Exclude<Modality, "text">): (input: QueryInput) => Blob {
  return (input) => {
    const file = Object.entries<unknown>(input).find(([kind]) => kind === modality)?.[1];
    if (file instanceof Blob) return file;
    throw new AppError("encoder/input", `${nameOf(input)} was given to an encoder of ${modality}`);
  };
}

/** A recording, and whether it is to be trimmed. @throws AppError `encoder/input`. */
export function soundOf(input: QueryInput): SoundInput {
  const file = fileOf("audio")(input);
  return "audio" in input && input.trim ? { recorded: file } : file;
}

/** The words in an input for a text encoder. @throws AppError `encoder/input`. */
export function textOf(input: QueryInput): string {
  if ("text" in input) return input.text;
  throw new AppError("encoder/input", `${nameOf(input)} was given to a text encoder`);
}

const nameOf = (input: QueryInput) => `input of the kind ${Object.keys(input).join()}`;
