import {
  downloadBytes,
  type EmbeddingChoice,
  type EncoderSpec,
  type Pooling,
} from "../../core/domain/encoder";
import { formatBytes, formatCount } from "./formatting";

/** Bytes of an encoder's files; `about` where the hub's own page only rounds them. */
export function downloadSize(encoder: EncoderSpec): string {
  const bytes = downloadBytes(encoder);
  if (bytes === null) return "size unknown";
  const exact = encoder.files.every(({ sizeBytes }) => sizeBytes !== null);
  return exact ? formatBytes(bytes) : `about ${formatBytes(bytes)}`;
}

/** `88 MB · Apache-2.0 · 384 wide · not yet verified`. */
export function encoderInShort(encoder: EncoderSpec): string {
  return [
    downloadSize(encoder),
    encoder.license,
    `${formatCount(encoder.width)} wide`,
    encoder.verified ? "" : "not yet verified",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** How token features become one vector, as a menu says it. */
export const POOLING_WORDS: Readonly<Record<Pooling, string>> = {
  mean: "mean of the tokens",
  cls: "CLS token",
  "cls+mean": "CLS and mean, side by side",
  last: "last token",
};

/** `EfficientNet-Lite0 (stage 5, pooled by the network)`, `MiniLM (last layer, CLS token)`. */
export function embeddingInWords(encoder: EncoderSpec, choice: EmbeddingChoice): string {
  const offered = Object.keys(encoder.outputs).length + encoder.layers.length;
  if (offered === 1) return encoder.name; // nothing to tell apart
  const layer = encoder.layers.find(({ id }) => id === choice.layer);
  const how = layer
    ? `${layer.name}, pooled by the network`
    : `last layer, ${POOLING_WORDS[choice.pooling]}`;
  return encoder.origin === "vectors" ? encoder.name : `${encoder.name} (${how})`;
}
