// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { act } from "react";
import { afterEach, expect, it } from "vitest";
import { precisionRecall, bestF1 } from "../../src/core/metrics/precisionRecall";
import type { SearchContract } from "../../src/rpc/searchContract";
import { ClassifyTab } from "../../src/ui/features/query/ClassifyTab";
import { projectWithPairs } from "../support/projects";
import { renderPanel } from "../support/renderPanel";
import { retrieval } from "../support/retrieval";
import { sampleRun } from "../support/samples";
import { testServices, type TestServices } from "../support/services";

let services: TestServices;
afterEach(() => {
  cleanup();
  services?.close();
});

type Asked = SearchContract["classify"]["params"];

/** Four images: probabilities of the first label .9, .8, .7, .1; the first and third are of it. */
function worker() {
  const asked: Asked[] = [];
  const probabilities = Float64Array.of(0.9, 0.8, 0.7, 0.1);
  const truths = [0, 1, 0, 1];
  const items = truths.map((truth, item) => {
    const p = probabilities[item]!;
    const [label, probability] = p >= 0.5 ? [0, p] : [1, 1 - p];
    const next = [{ label: 1 - label, probability: 1 - probability }];
    return { item, split: "test" as const, label, probability, next, truth };
  });
  const curve = precisionRecall(
    probabilities,
    truths.map((truth) => Number(truth === 0)),
  );
  return {
    asked,
    fakes: {
      encode: {
        encodeQuery: async ({ inputs: { length: rows } }: { inputs: readonly unknown[] }) => ({
          ...{ vectors: new Float32Array(rows * 2), rows, cols: 2, elapsedMs: 1 },
        }),
      },
      search: {
        classify: async (params: Asked) => {
          asked.push(params);
          return { step: 1, items, counts: [3, 1], score: null, chance: null };
        },
        compareLabel: async ({ label }: { label: number }) => comparisonOf(label),
        classifyVectors: async ({ count }: { count: number }) => ({
          probabilities: Float64Array.from({ length: 2 * count }, (_, i) => (i % 2 ? 0.25 : 0.75)),
        }),
      },
    },
  };

  function comparisonOf(label: number) {
    return label === 0
      ? { label, probabilities, curve: { ...curve, best: bestF1(curve) } }
      : { label, probabilities: probabilities.map((p) => 1 - p), curve: null };
  }
}

async function classified() {
  const { asked, fakes } = worker();
  services = await testServices(fakes);
  const { id } = await projectWithPairs(services, 4);
  const run = sampleRun("r0", id, { status: "done", test: retrieval(0.6) });
  renderPanel(<ClassifyTab run={run} />, { services, projectId: id });
  fireEvent.change(await screen.findByLabelText(/^Labels/), { target: { value: "cat, dog" } });
  await screen.findByText("2 labels × 1 template");
  fireEvent.click(screen.getByText("Classify"));
  await screen.findByText("4 images by predicted label");
  return { asked };
}

it("takes labels pasted on one line, with commas or from a sheet", async () => {
  const { asked } = await classified();
  expect(asked[0]).toMatchObject({ labels: ["cat", "dog"] });
  fireEvent.change(screen.getByLabelText(/^Labels/), { target: { value: "a, b\tc" } });
  expect(await screen.findByText("2 labels × 1 template")).toBeTruthy(); // “a, b” and “c”
});

it("says precision and recall of a label at a threshold, with intervals and chance", async () => {
  await classified();
  const section = within(await screen.findByRole("region", { name: "Threshold for cat" }));
  // Best F1 takes three of four, two of them right.
  expect(section.getByText("3 images of 4 have a probability of at least 70.0 %.")).toBeTruthy();
  const [precision, recall, area] = section.getAllByRole("definition");
  expect(precision!.textContent).toMatch(/66\.7 % ± \d+\.\d · chance 50\.0 % · 2 of 3/);
  expect(recall!.textContent).toMatch(/100\.0 % ± \d+\.\d · 2 of 2/);
  expect(area!.textContent).toMatch(/83\.3 %.*2 of 4 images are “cat”/);
  const field = section.getByLabelText("Threshold, in percent");
  fireEvent.change(field, { target: { value: "85" } });
  expect(section.getByText("1 image of 4 have a probability of at least 85.0 %.")).toBeTruthy();
  expect(section.getAllByRole("definition")[1]!.textContent).toMatch(/50\.0 %.*1 of 2/);
  fireEvent.change(field, { target: { value: "95" } });
  expect(section.getAllByRole("definition")[0]!.textContent).toBe("nothing taken");
});

it("has a threshold but no precision for a label nobody is known to have", async () => {
  await classified();
  fireEvent.click(screen.getByRole("button", { name: /dog/ }));
  const section = within(await screen.findByRole("region", { name: "Threshold for dog" }));
  expect(section.getByText(/need images known to be “dog”/)).toBeTruthy();
  expect(section.getByText("1 image of 4 have a probability of at least 50.0 %.")).toBeTruthy();
});

it("labels the pictures of a folder and says what it left out", async () => {
  await classified();
  const input = screen.getByLabelText("Folder to label");
  const png = (name: string) => new File(["x"], name, { type: "image/png" });
  const files = [png("a.png"), png("b.png"), new File(["x"], "notes.txt", { type: "text/plain" })];
  await act(async () => {
    fireEvent.change(input, { target: { files } });
  });
  expect(await screen.findByText("2 pictures labelled, 1 other file left out.")).toBeTruthy();
  const rows = within(screen.getByRole("region", { name: "Labelled pictures" })).getAllByRole(
    "row",
  );
  expect(rows[1]!.textContent).toBe("a.pngcat75.0 %");
  await waitFor(() => expect(screen.getByText("Save labels.csv")).toBeTruthy());
});
