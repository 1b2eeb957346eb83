// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { encoderById } from "../../src/core/catalogue/encoders";
import type { EncoderSpec } from "../../src/core/domain/encoder";
import { EncodePanel } from "../../src/ui/features/encode/EncodePanel";
import { projectWithPairs } from "../support/projects";
import { renderPanel } from "../support/renderPanel";
import { testServices, type TestServices } from "../support/services";

const TOTAL = 20;

function vectorsOf(id: "efficientnet-lite0" | "all-minilm-l6-v2", width: number): EncoderSpec {
  const spec = encoderById(id);
  return {
    ...spec,
    id: `vectors-${spec.modality}-1`,
    name: spec.modality === "image" ? "img_emb" : "text_emb",
    ...{ origin: "vectors", preprocessing: null, files: [], layers: [], width },
    summary: `20 rows of ${width} numbers (float16) that came with the data.`,
    source: "emb_0.npy",
    outputs: { mean: "vectors" },
  };
}

let services: TestServices;
afterEach(() => {
  cleanup();
  services.close();
});

/** The Encode screen of a project whose embeddings came with it; `cosine` is what a comparison finds. */
async function open(cosine: number, textWidth = 384) {
  services = await testServices({
    encode: {
      countEncoded: async () => ({ encoded: TOTAL, total: TOTAL, encoderKey: "k" }),
      compareVectors: async () => ({ cosine, items: 16, unitLength: true }),
    },
  });
  const project = await projectWithPairs(services, TOTAL);
  const image = vectorsOf("efficientnet-lite0", 1280);
  const text = vectorsOf("all-minilm-l6-v2", textWidth);
  for (const spec of [
    image,
    text,
    { ...text, id: "vectors-text-other", name: "another project's" },
  ])
    await services.stores.encoders.put(spec);
  services.changes.publish("encoders");
  await services.projects.update(project.id, {
    data: { ...project.data!, format: "embeddings", vectors: { image: image.id, text: text.id } },
    encoders: {
      image: { id: image.id, pooling: "mean", layer: null },
      text: { id: text.id, pooling: "mean", layer: null },
    },
  });
  renderPanel(<EncodePanel />, { services, projectId: project.id });
  return within(await screen.findByRole("region", { name: "captions" }));
}

async function compare(side: Awaited<ReturnType<typeof open>>) {
  const choice = await side.findByLabelText("These vectors were made with");
  fireEvent.change(choice, { target: { value: "all-minilm-l6-v2/mean/" } });
  fireEvent.click(side.getByRole("button", { name: "Compare with it" }));
}

it("has nothing to encode and leads on to Align", async () => {
  const side = await open(1);
  const card = within(await side.findByRole("article", { name: "text_emb" }));
  expect(card.getByText("384 numbers per item")).toBeDefined();
  expect(card.getByText("emb_0.npy")).toBeDefined();
  expect(card.getByText(/There is nothing to encode/)).toBeDefined();
  expect(side.queryByText("another project's")).toBeNull();
  expect(side.queryByRole("button", { name: /^Encode/ })).toBeNull();
  expect(await screen.findByRole("link", { name: "Go on to Align" })).toBeDefined();
});

it("takes a named encoder that gives the same vectors, and says what was measured", async () => {
  const side = await open(0.9983);
  await compare(side);
  const linked = /Made with all-MiniLM-L6-v2.*: cosine at least 0.9983 over 16 items/;
  expect(await side.findByText(linked)).toBeDefined();
  const { madeWith } = await services.stores.encoders.get("vectors-text-1");
  expect(madeWith).toMatchObject({ cosine: 0.9983, choice: { id: "all-minilm-l6-v2" } });
});

it("refuses one that gives other vectors, with the measured cosine", async () => {
  const side = await open(0.4213);
  await compare(side);
  expect(await side.findByText(/lowest cosine 0.4213 over 16 items/)).toBeDefined();
  expect((await services.stores.encoders.get("vectors-text-1")).madeWith).toBeUndefined();
});

it("offers no encoder of another width", async () => {
  const side = await open(1, 7);
  await side.findByText(/There is nothing to encode/);
  expect(side.queryByLabelText("These vectors were made with")).toBeNull();
});
