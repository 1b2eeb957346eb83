import type { AlignedModality } from "../../../core/domain/modality";
import type { OutputOffer } from "../../../core/domain/ownModel";
import type { Outputs } from "../session";

/** Outputs that are embeddings by name, the best first. */
const PREFERRED = [
  "sentence_embedding",
  "image_embeds",
  "text_embeds",
  "pooler_output",
  "last_hidden_state",
];

/**
 * What can be made of each output of a network that was run on one item, the likeliest embedding
 * first.
 */
export function offerOutputs(outputs: Outputs, modality: AlignedModality): OutputOffer[] {
  const offers = Object.entries(outputs).map(([name, { dims }]) => ({
    name,
    dims,
    ...kindOf(dims, modality),
  }));
  const place = ({ name, kind }: OutputOffer) => {
    const preferred = PREFERRED.indexOf(name);
    return (kind === null ? 100 : 0) + (preferred < 0 ? PREFERRED.length : preferred);
  };
  return offers.sort((a, b) => place(a) - place(b)); // stable: as in the file otherwise
}

function kindOf(
  dims: readonly number[],
  modality: AlignedModality,
): Pick<OutputOffer, "kind" | "reason" | "width" | "hasCls"> {
  const none = { kind: null, width: 0, hasCls: false };
  const [batch, second = 0, third = 0] = dims;
  if (batch !== 1) return { ...none, reason: "its first axis is not the batch" };
  if (dims.length < 2 || second === 0) return { ...none, reason: "it holds no vector" };
  const isPooled = dims.slice(2).every((size) => size === 1);
  if (isPooled) return { kind: "pooled", reason: "", width: second, hasCls: false };
  if (dims.length === 3) {
    const hasCls = modality === "text" || isSquare(second - 1);
    return { kind: "tokens", reason: "", width: third, hasCls };
  }
  if (dims.length === 4 && modality === "image") {
    return { kind: "map", reason: "", width: second, hasCls: false };
  }
  return { ...none, reason: `it has ${dims.length} axes` };
}

/** Patches fill a square; one token more is CLS. */
function isSquare(count: number): boolean {
  return count > 0 && Number.isInteger(Math.sqrt(count));
}
