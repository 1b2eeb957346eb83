import type {
  EmbeddingChoice,
  EncoderFile,
  EncoderSpec,
  TextPreprocessing,
} from "../../core/domain/encoder";
import { AppError } from "../../core/errors";
import type { DecodedSound } from "./decodeSound";
import { imageEncoder, type PictureEncoder } from "./imageEncoder";
import type { LoadedFiles } from "./loadFiles";
import type { QueryableEncoder } from "./queryableEncoder";
import type { RgbImage } from "./resizeImage";
import { sensorEncoder } from "./sensorEncoder";
import type { Session } from "./session";
import { soundEncoder, type SoundEncoder } from "./soundEncoder";
import { textEncoder } from "./textEncoder";
import { openTokenizer } from "./tokenize";

/** An encoder of whichever modality its catalogue entry names. */
export type AnyEncoder =
  | { readonly modality: "image"; readonly encoder: PictureEncoder }
  | { readonly modality: "audio"; readonly encoder: SoundEncoder }
  | { readonly modality: "sensor"; readonly encoder: QueryableEncoder<Blob> }
  | { readonly modality: "text"; readonly encoder: QueryableEncoder<string> };

interface BuildOptions {
  readonly spec: EncoderSpec;
  readonly choice: EmbeddingChoice;
  readonly files: LoadedFiles;
  /** How bytes become pixels, where it is not the browser that decodes them. */
  readonly decode?: (blob: Blob) => Promise<RgbImage>;
  readonly decodeSound?: (blob: Blob) => Promise<DecodedSound>;
}

/**
 * The encoder of a catalogue entry over an open session.
 *
 * @throws AppError `encoder/missing` or `encoder/failed` when a file is absent or unusable.
 */
export function buildEncoder(session: Session, options: BuildOptions): AnyEncoder {
  const { spec, choice, decode, decodeSound } = options;
  const { preprocessing } = spec;
  if (!preprocessing) throw new AppError("encoder/vectors-only", spec.id);
  const image = { session, spec, choice, ...(decode && { decode }) };
  switch (preprocessing.kind) {
    case "image":
      return { modality: "image", encoder: imageEncoder({ ...image, preprocessing }) };
    case "text":
      return { modality: "text", encoder: buildTextEncoder(session, preprocessing, options) };
    case "sensor":
      return {
        modality: "sensor",
        encoder: sensorEncoder({ session, spec, choice, preprocessing }),
      };
    case "audio":
      return {
        modality: "audio",
        encoder: soundEncoder({
          ...{ session, spec, choice, preprocessing },
          ...(decodeSound && { decode: decodeSound }),
        }),
      };
  }
}

function buildTextEncoder(
  session: Session,
  preprocessing: TextPreprocessing,
  { spec, choice, files }: BuildOptions,
) {
  const tokenizer = openTokenizer(
    fileOf(files, spec, "tokenizer"),
    fileOf(files, spec, "tokenizer-config"),
    preprocessing.maxTokens,
  );
  return textEncoder({ session, spec, choice, preprocessing, tokenizer });
}

/** The bytes of one of an encoder's files. @throws AppError `encoder/missing`. */
export function fileOf(
  files: LoadedFiles,
  spec: EncoderSpec,
  role: EncoderFile["role"],
): Uint8Array<ArrayBuffer> {
  const bytes = files.get(role);
  if (!bytes) throw new AppError("encoder/missing", `${spec.id} names no ${role} file`);
  return bytes;
}
