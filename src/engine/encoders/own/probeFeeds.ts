import { fitsInput } from "../../../core/audio/inputAxes";
import type { AudioPreprocessing } from "../../../core/domain/audioPreprocessing";
import type { OwnPreprocessing, TensorInfo } from "../../../core/domain/ownModel";
import { AppError } from "../../../core/errors";
import { pictureFeeds } from "../imageEncoder";
import { probePictures, probeSounds, PROBE_TEXTS } from "../probeItems";
import type { Feeds } from "../session";
import { soundFeeds } from "../soundEncoder";
import { soundListener } from "../soundFeatures";
import { tokenFeeds, tokensOf } from "../textEncoder";
import { openTokenizer } from "../tokenize";
import { tokenizerConfigIn } from "./inspectModel";
import type { OpenOwnModel, OwnModelPlatform } from "./openOwnModel";
import type { OwnFiles } from "./readOwnFiles";

interface ProbeOptions extends Pick<OwnModelPlatform, "decode" | "decodeSound"> {
  readonly preprocessing: OwnPreprocessing;
  readonly opened: OpenOwnModel;
  /** A recording of the project; absent: one that is made here. */
  readonly sound?: Blob;
}

/**
 * What the model is fed for one item.
 *
 * @throws AppError `encoder/unsupported` for features its input does not take, `sound/…`.
 */
export async function probeFeeds(files: OwnFiles, options: ProbeOptions): Promise<Feeds> {
  const { preprocessing, opened, decode } = options;
  switch (preprocessing.kind) {
    case "image":
      return pictureFeeds(probePictures().slice(0, 1), preprocessing, decode);
    case "text": {
      const json = files.settings.get("tokenizer.json") ?? new Uint8Array();
      const config = tokenizerConfigIn(files.settings);
      const tokenizer = openTokenizer(json, config, preprocessing.maxTokens);
      const tokens = tokensOf(PROBE_TEXTS.slice(0, 1), preprocessing, tokenizer);
      return tokenFeeds(tokens, opened.session);
    }
    case "audio":
      return feedsOfSound(preprocessing, options);
  }
}

async function feedsOfSound(
  preprocessing: AudioPreprocessing,
  { opened, sound, decodeSound }: ProbeOptions,
): Promise<Feeds> {
  const [made = new Blob()] = probeSounds();
  const { features } = await soundListener(preprocessing, decodeSound)(sound ?? made);
  const input = opened.description.inputs.find(({ name }) => name === preprocessing.input);
  if (input) checkFit(features.dims, input);
  return soundFeeds([features], preprocessing);
}

/** @throws AppError `encoder/unsupported`, with both shapes. */
function checkFit(dims: readonly number[], { name, shape }: TensorInfo): void {
  if (fitsInput(dims, shape)) return;
  throw new AppError(
    "encoder/unsupported",
    `the features are [N, ${dims.join(", ")}], but its input ${name} is [${shape.join(", ")}]: choose other features or axes`,
  );
}
