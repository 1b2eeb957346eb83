import type { ImagePreprocessing, TextPreprocessing } from "../../../core/domain/encoder";
import { ITEM_NAMES } from "../../../core/domain/modality";
import type {
  ModelInspection,
  OwnModality,
  OwnPreprocessing,
  TensorInfo,
} from "../../../core/domain/ownModel";
import { AppError } from "../../../core/errors";
import type { DescribedSession } from "../session";
import { openTokenizer } from "../tokenize";
import { guessImage, type Guess } from "./guessImage";
import { guessSound, type SoundInputs } from "./guessSound";
import { guessText } from "./guessText";
import { settingsIn, type OwnFiles } from "./readOwnFiles";

/** Inputs we can feed beside the ids. */
const TEXT_INPUTS: ReadonlySet<string> = new Set(["input_ids", "attention_mask", "token_type_ids"]);

/**
 * What an opened model is, and how it would be fed.
 *
 * @param wanted the modality of the side it was dropped on.
 * @throws AppError `encoder/unsupported`: it needs inputs we do not have, belongs to the other
 *   modality, or its tokenizer is missing or unreadable.
 */
export function inspectModel(
  files: OwnFiles,
  { inputs, outputs }: Pick<DescribedSession, "inputs" | "outputs">,
  wanted: OwnModality,
): ModelInspection {
  const modality = wanted === "audio" ? soundOrOther(inputs) : modalityOf(inputs);
  if (modality !== wanted) {
    const items = ITEM_NAMES[modality].toLowerCase();
    refuse(`it encodes ${items}; add it on the side of the ${items}`);
  }
  const guess = guessOf(modality, files, inputs);
  const { producer, opset, nodes } = files.outline;
  return {
    modality,
    sizeBytes: files.model.bytes.length + (files.external?.bytes.length ?? 0),
    ...{ producer, opset, nodes },
    ...{ inputs, outputs },
    ...guess,
    ignored: files.ignored,
  };
}

function guessOf(
  modality: OwnModality,
  files: OwnFiles,
  inputs: readonly TensorInfo[],
): Guess<OwnPreprocessing> {
  switch (modality) {
    case "image":
      return imageGuess(files, inputs);
    case "text":
      return textGuess(files, inputs);
    case "audio":
      return guessSound(settingsIn(files, "preprocessor_config.json"), soundInputs(inputs));
  }
}

/** What is dropped among sounds: token ids and pixels are told from sound by name and channels. */
function soundOrOther(inputs: readonly TensorInfo[]): OwnModality {
  if (inputs.some(({ name }) => name === "input_ids")) return "text";
  const isPixels = inputs.some(
    ({ shape }) => shape.length === 4 && (shape[1] === 3 || shape[3] === 3),
  );
  return isPixels ? "image" : "audio";
}

/** One input of samples or features, and one of the clips' lengths at most. */
function soundInputs(inputs: readonly TensorInfo[]): SoundInputs {
  const listed = listedInputs(inputs);
  const [lengths, ...more] = inputs.filter(({ type }) => type === "int64" || type === "int32");
  const [features, ...others] = inputs.filter((each) => each !== lengths);
  if (!features || others.length + more.length > 0 || (lengths && lengths.shape.length > 1)) {
    return refuse(
      `it takes ${listed}; one input of samples or features was expected, and the lengths of clips [N] at most`,
    );
  }
  if (features.type !== "float32") {
    refuse(`its input ${features.name} is ${features.type}, not float32`);
  }
  const [batch] = features.shape;
  if (typeof batch === "number" && batch > 1) {
    refuse(`its input is ${listed}: it takes ${batch} clips at once; export it with a free batch`);
  }
  return { features, lengths };
}

function listedInputs(inputs: readonly TensorInfo[]): string {
  const names = inputs.map(({ name, type, shape }) => `${name} (${type} [${shape.join(", ")}])`);
  return names.join(", ") || "nothing";
}

function modalityOf(inputs: readonly TensorInfo[]): OwnModality {
  const listed = listedInputs(inputs);
  const isText = inputs.some(({ name }) => name === "input_ids");
  if (isText) {
    const others = inputs.filter(({ name }) => !TEXT_INPUTS.has(name));
    if (others.length > 0) {
      refuse(`it takes ${listed}; export the tower of one modality, with ids and mask only`);
    }
    const wrong = inputs.find(({ type }) => type !== "int64" && type !== "int32");
    if (wrong) refuse(`its input ${wrong.name} is ${wrong.type}, not int64`);
    return "text";
  }
  const [only, ...others] = inputs;
  if (!only || others.length > 0) refuse(`it takes ${listed}; one input of pixels was expected`);
  if (only.type !== "float32") refuse(`its input ${only.name} is ${only.type}, not float32`);
  const { shape } = only;
  if (shape.length !== 4) refuse(`its input is ${listed}, not pixels [N, 3, H, W]`);
  if (shape[1] !== 3 && typeof shape[1] === "number") {
    refuse(
      shape[3] === 3
        ? `its input is ${listed}, channels last; export it with channels first`
        : `its input is ${listed}, not pixels [N, 3, H, W]`,
    );
  }
  return "image";
}

function imageGuess(files: OwnFiles, [input]: readonly TensorInfo[]): Guess<ImagePreprocessing> {
  const { name = "pixel_values", shape = [] } = input ?? {};
  const [, , height, width] = shape;
  const isFixed = typeof height === "number" && typeof width === "number";
  if (isFixed && height !== width) refuse(`it takes ${width} × ${height} pixels, not a square`);
  return guessImage(settingsIn(files, "preprocessor_config.json"), {
    input: name,
    fixedSize: isFixed ? height : undefined,
  });
}

function textGuess(files: OwnFiles, inputs: readonly TensorInfo[]): Guess<TextPreprocessing> {
  const tokens = inputs.find(({ name }) => name === "input_ids")?.shape[1];
  const guess = guessText({
    config: settingsIn(files, "config.json"),
    tokenizerConfig: settingsIn(files, "tokenizer_config.json"),
    sentenceBert: settingsIn(files, "sentence_bert_config.json"),
    fixedTokens: typeof tokens === "number" ? tokens : undefined,
  });
  checkTokenizer(files, guess.preprocessing.maxTokens);
  return guess;
}

function checkTokenizer({ settings }: OwnFiles, maxTokens: number): void {
  const tokenizer = settings.get("tokenizer.json");
  if (!tokenizer) refuse("it takes token ids: drop its tokenizer.json too");
  try {
    openTokenizer(tokenizer, tokenizerConfigIn(settings), maxTokens).encode("two cats");
  } catch (cause) {
    const why = cause instanceof AppError ? cause.detail : `tokenizer.json: ${String(cause)}`;
    throw new AppError("encoder/unsupported", why, { cause });
  }
}

/** The tokenizer's settings; an empty object where they were not dropped. */
export function tokenizerConfigIn(settings: OwnFiles["settings"]): Uint8Array<ArrayBuffer> {
  return settings.get("tokenizer_config.json") ?? new TextEncoder().encode("{}");
}

function refuse(why: string): never {
  throw new AppError("encoder/unsupported", why);
}
