import type { OutputOffer, OwnModality, TensorInfo } from "../../../core/domain/ownModel";
import type { Outputs } from "../session";

/** Outputs that are embeddings by name, the best first. */
const PREFERRED = [
  "sentence_embedding",
  "image_embeds",
  "text_embeds",
  "audio_embeds",
  "embedding",
  "embeddings",
  "pooler_output",
  "last_hidden_state",
];

/**
 * What can be made of each output of a network that was run on one item, the likeliest embedding
 * first.
 *
 * @param declared shapes of the outputs as the file says them: a free axis is time.
 */
export function offerOutputs(
  outputs: Outputs,
  modality: OwnModality,
  declared: readonly TensorInfo[],
): OutputOffer[] {
  const offers = Object.entries(outputs).map(([name, { dims }]) => {
    const { shape = [] } = declared.find((each) => each.name === name) ?? {};
    const kind = kindOf(dims, modality);
    const channelsFirst = isChannelsFirst(shape) && modality === "audio" && kind.kind === "tokens";
    const width = channelsFirst ? (dims[1] ?? 0) : kind.width;
    return { name, dims, ...kind, width, channelsFirst };
  });
  const place = ({ name, kind }: OutputOffer) => {
    const preferred = PREFERRED.indexOf(name);
    return (kind === null ? 100 : 0) + (preferred < 0 ? PREFERRED.length : preferred);
  };
  return offers.sort((a, b) => place(a) - place(b)); // stable: as in the file otherwise
}

function kindOf(
  dims: readonly number[],
  modality: OwnModality,
): Pick<OutputOffer, "kind" | "reason" | "width" | "hasCls"> {
  const none = { kind: null, width: 0, hasCls: false };
  const [batch, second = 0, third = 0] = dims;
  if (batch !== 1) return { ...none, reason: "its first axis is not the batch" };
  if (dims.length < 2 || second === 0) return { ...none, reason: "it holds no vector" };
  const isPooled = dims.slice(2).every((size) => size === 1);
  if (isPooled) return { kind: "pooled", reason: "", width: second, hasCls: false };
  if (dims.length === 3) {
    const hasCls = modality === "text" || (modality === "image" && isSquare(second - 1));
    return { kind: "tokens", reason: "", width: third, hasCls };
  }
  if (dims.length === 4 && modality !== "text") {
    return { kind: "map", reason: "", width: second, hasCls: false };
  }
  return { ...none, reason: `it has ${dims.length} axes` };
}

/** [N, D, T] of a convolutional network: D is fixed, T follows the clip. */
function isChannelsFirst([, second, third]: readonly (number | string)[]): boolean {
  return typeof second === "number" && typeof third === "string";
}

/** Patches fill a square; one token more is CLS. */
function isSquare(count: number): boolean {
  return count > 0 && Number.isInteger(Math.sqrt(count));
}
