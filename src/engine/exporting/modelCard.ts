import type { AlignedModality } from "../../core/domain/modality";
import type { Estimate, RetrievalResult } from "../../core/domain/evaluation";
import type { EncoderSpec } from "../../core/domain/encoder";
import { portableRecipe } from "../../core/domain/portableRecipe";
import { PYTHON_LINES } from "../../core/catalogue/pythonLines";
import type { ParityFigure } from "../../core/domain/takeAway";
import { architectureOf, type Architecture } from "./architecture";
import { encodedItems, usedPairs } from "./exportSource";
import { dtypeOf, repositoryOf, seedOf, type ModelSource } from "./modelConfig";

/** The model card of the folder, with the front matter the Hugging Face hub reads. */
export function modelCard(
  source: ModelSource,
  parity: Readonly<Record<AlignedModality, ParityFigure>>,
): string {
  const { project, run, projectors } = source;
  const largest = Math.max(parity.image.largest, parity.text.largest);
  return `${frontMatter(source)}
# ${project.name}: image and text in one space

Two projectors that put embeddings of two **frozen** encoders into one shared space of ${projectors.image.dimension} dimensions, learned from ${run.splits.train.toLocaleString("en")} pairs in a web browser. The encoders are not in this folder; \`config.json\` names them exactly.

${sideLine("a", source)}
${sideLine("b", source)}

Method: \`${run.method ?? run.recipe.align.method}\`, seed ${seedOf(run)}, step ${projectors.step}. The whole experiment is in \`recipe.json\`.

## How to use

\`\`\`python
${PYTHON_LINES.numpy}
\`\`\`

With ONNX Runtime:

\`\`\`python
${PYTHON_LINES.onnx}
\`\`\`

Inputs are the encoders' own outputs, pooled as \`config.json\` says and not normalised. ${outputLine(source)} Divide cosines by the temperature in \`config.json\` before a softmax.

\`parity.json\` holds inputs and the vectors the browser made of them. Read back from these files in float64, they differ by at most ${largest.toExponential(1)}.

## Results

${results(source)}

## Limits

- The projectors know what these pairs show. On other kinds of pictures or other language expect far less.
- Recalls are of the held-out test split of this data, with 95 % bootstrap intervals over queries.
- The encoders ran in a browser: ${encoderNote(source.encoders.image)}; ${encoderNote(source.encoders.text)}. An encoder with other weights, or another way to resize pictures, gives slightly other embeddings.
- Biases of the encoders and of the pairs carry over.
- The licence of the projectors is yours to choose; those of the encoders and of the data apply to them.

## Files

- \`projector_a.safetensors\`, \`projector_b.safetensors\`: weights [out, in]; \`projector_a.onnx\`, \`projector_b.onnx\`: the same, input \`embedding\`, output \`projected\`.
- \`config.json\`, \`preprocessor_a.json\`, \`preprocessor_b.json\`, \`recipe.json\`: what was done.
- \`pairs.csv\` (${usedPairs(source).length.toLocaleString("en")} pairs), \`split.csv\`, \`metrics.json\`, \`history.csv\`: data and results.
- \`load_aligned.py\`, \`parity.json\`: how to load them, and how to check that it was done right.
- \`manifest.json\`: size and SHA-256 of every other file.
`;
}

function frontMatter({ project, run, encoders }: ModelSource): string {
  const recipe = portableRecipe(run.recipe, project);
  const data = "sample" in recipe.data ? recipe.data.sample : (project.data?.source ?? "");
  const list = (values: readonly string[]) =>
    values.map((value) => `\n- ${quoted(value)}`).join("");
  return `---
license: unknown # yours to choose
library_name: onnx
tags:${list(["projected-dual-encoder", "cross-modal-retrieval", "zero-shot", "alignment"])}
base_model:${list([repositoryOf(encoders.image), repositoryOf(encoders.text)])}
datasets:${list([slug(data) || "own-data"])}
metrics:${list(["recall"])}
---
`;
}

function sideLine(side: "a" | "b", source: ModelSource): string {
  const modality = side === "a" ? "image" : "text";
  const { head, input_dim, output_dim } = architectureOf(source.projectors[modality]);
  const { name, revision, license } = source.encoders[modality];
  const items = encodedItems(source, modality).length.toLocaleString("en");
  return `- **${side}** (${modality}): ${oneLine(name)}, revision \`${oneLine(revision)}\`, ${oneLine(license)}; projector \`${head}\`, ${input_dim} → ${output_dim}; ${items} items.`;
}

function outputLine({ projectors }: ModelSource): string {
  const scaled = (["image", "text"] as const).some(
    (side): Architecture["output_scale"] => architectureOf(projectors[side]).output_scale,
  );
  return scaled
    ? "Outputs are unit vectors times `output_scale`, the square roots of the canonical correlations: their dot product is the score."
    : "Outputs have length 1: their dot product is the cosine.";
}

function results({ run }: ModelSource): string {
  if (!run.test) return "This run has not been tested yet.";
  const ks = Object.keys(run.test.imageToText.recall);
  const chance = run.baselines.find(({ id }) => id === "chance")?.test;
  const line = (name: string, result: RetrievalResult, atChance: RetrievalResult | undefined) =>
    `| ${name} | ${result.queries} | ${result.gallery} | ${ks
      .map((k) => percent(result.recall[k], atChance?.recall[k]))
      .join(" | ")} | ${result.medianRank} |`;
  return [
    `| direction | queries | gallery | ${ks.map((k) => `recall@${k}`).join(" | ")} | median rank |`,
    `|---|---|---|${ks.map(() => "---|").join("")}---|`,
    line("image → text", run.test.imageToText, chance?.imageToText),
    line("text → image", run.test.textToImage, chance?.textToImage),
  ].join("\n");
}

/** `35.0 % (30.1 to 40.2; chance 0.6)`. */
function percent(estimate: Estimate | undefined, chance: Estimate | undefined): string {
  if (!estimate) return "n/a";
  const digits = (share: number) => (share * 100).toFixed(1);
  const beside = chance ? `; chance ${digits(chance.value)}` : "";
  return `${digits(estimate.value)} % (${digits(estimate.low)} to ${digits(estimate.high)}${beside})`;
}

const encoderNote = (spec: EncoderSpec) =>
  `${oneLine(spec.name)} with ${dtypeOf(spec)}${spec.preprocessing?.kind === "image" ? `, pictures resized ${spec.preprocessing.resample ?? "bicubic"} with antialiasing as Pillow does` : ""}`;

const oneLine = (text: string) => text.replace(/\s+/g, " ");

/** A YAML text in double quotes; JSON's are YAML's. */
const quoted = (text: string) => JSON.stringify(text);

const slug = (text: string) =>
  text
    .replace(/\.[a-z]{2,5}$/i, "")
    .replace(/[^\w.-]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .toLowerCase();
