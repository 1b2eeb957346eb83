import type { EncoderSpec } from "../../core/domain/encoder";
import type { Run } from "../../core/domain/run";
import type { SearchPageManifest } from "../../core/domain/searchPage";
import type { PagePlan, SearchPageSources } from "./searchPage";

/** What the page knows of itself besides arrays and pictures. */
export function manifestOf(
  { project, run, projectors, network, imageSpec, gallery }: PagePlan,
  made: Pick<SearchPageManifest, "items" | "parts">,
  { versions, now }: Pick<SearchPageSources, "versions" | "now">,
): SearchPageManifest {
  const { spec, choice, unitLength } = network;
  return {
    version: 1,
    title: project.name,
    madeAt: new Date(now()).toISOString(),
    madeWith: `Alignment Playground ${versions["playground"] ?? ""}`.trim(),
    run: {
      name: run.name,
      method: run.method ?? run.recipe.align.method,
      step: projectors.step,
      dimension: projectors.text.dimension,
      dataDigest: run.dataDigest,
    },
    image: encoderFacts(imageSpec),
    text: { ...encoderFacts(spec), spec, choice, unitLength },
    recall: recallOf(run),
    examples: gallery.examples,
    ...made,
  };
}

const encoderFacts = ({ name, source, revision, license }: EncoderSpec) => {
  return { name, source, revision, license };
};

const USUAL_K = 10;

function recallOf({ test, baselines }: Run): SearchPageManifest["recall"] {
  if (!test) return null;
  const { recall, queries, gallery } = test.textToImage;
  const ks = Object.keys(recall).map(Number);
  const k = ks.includes(USUAL_K) ? USUAL_K : Math.max(...ks);
  const estimate = recall[k];
  if (!estimate) return null;
  const chance = baselines.find(({ id }) => id === "chance")?.test.textToImage.recall[k];
  return { k, estimate, queries, gallery, chance: chance?.value ?? null };
}
