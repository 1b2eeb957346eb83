// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Diagnosis } from "../../../src/core/domain/diagnosis";
import { DoctorTab } from "../../../src/ui/features/query/doctor/DoctorTab";
import { projectWithPairs } from "../../support/projects";
import { diagnosisOf, selfTest } from "../../support/diagnosis";
import { renderPanel } from "../../support/renderPanel";
import { retrieval } from "../../support/retrieval";
import { sampleRun } from "../../support/samples";
import { testServices, type TestServices } from "../../support/services";

const SIZE = 6;

let services: TestServices;
let asked: unknown[];

beforeEach(() => {
  asked = [];
  // jsdom has no layout: a window that is high enough for every line.
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(800);
});

afterEach(() => {
  cleanup();
  services?.close();
  vi.restoreAllMocks();
});

async function open(change: Partial<Diagnosis> & { readonly flagged?: number } = {}) {
  services = await testServices({
    explore: {
      examine: async ({ projectId }) => diagnosisOf(projectId, SIZE, change),
    },
    importer: {
      edit: async ({ request }) => {
        asked.push(request);
        return { words: request.kind };
      },
      undoEdit: async () => {
        asked.push("undo");
        return { words: "undone" };
      },
    },
    encode: {
      encodeQuery: async ({ inputs }) => {
        // “caption” points where the prediction does, numbers across.
        const vectors = Float32Array.from(
          inputs.flatMap((input) => {
            const words = "text" in input ? input.text.split(" ") : [];
            return [
              words.includes("caption") ? 1 : 0,
              words.length > 1 || words[0] !== "caption" ? 1 : 0,
            ];
          }),
        );
        return { vectors, rows: inputs.length, cols: 2, elapsedMs: 1 };
      },
    },
  });
  const project = await projectWithPairs(services, SIZE);
  const run = sampleRun("r1", project.id, {
    name: "First",
    dataDigest: "d1",
    status: "done",
    test: retrieval(0.5),
  });
  await services.stores.runs.put(run);
  renderPanel(<DoctorTab run={run} />, { services, projectId: project.id });
  fireEvent.click(await screen.findByRole("button", { name: `Examine ${SIZE} pairs` }));
  await screen.findByRole("region", { name: "Self-test" });
  return project;
}

const list = () => screen.findByRole("list", { name: "Pairs, worst first" });
const linesOf = async () => within(await list()).findAllByRole("listitem");

it("puts the self-test above a list of what is flagged, and keeps it", async () => {
  const project = await open();
  expect(screen.getByRole("region", { name: "Self-test" }).textContent).toContain(
    "AUC 0.92 (95 % interval 0.90 to 0.94): 2 pairs of 6 flagged.",
  );
  expect((await linesOf()).length).toBe(2);
  expect(await services.doctoring.diagnosis(project.id)).toMatchObject({ dataDigest: "d1" });
  fireEvent.change(screen.getByLabelText("Show"), { target: { value: "all" } });
  await waitFor(async () => expect((await linesOf()).length).toBe(6));
});

it("calls nothing wrong when the self-test fails, and shows the ranking when asked", async () => {
  await open({ selfTest: selfTest({ auc: 0.61 }) });
  expect(screen.getByText(/Cannot judge: AUC 0.61/)).toBeTruthy();
  expect(screen.queryByRole("list", { name: "Pairs, worst first" })).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Show the ranking all the same" }));
  await list();
  expect(screen.queryAllByText(/^ ?flagged$/)).toEqual([]);
});

it("repairs from the opened pair, and undoes", async () => {
  await open();
  const [first] = await linesOf();
  fireEvent.click(within(first!).getByRole("button"));
  const sheet = await screen.findByRole("complementary", { name: "Pair" });
  await within(sheet).findByText("caption 1");
  fireEvent.click(within(sheet).getByRole("button", { name: "Use the better caption" }));
  await waitFor(() => expect(asked).toEqual([{ kind: "captions", pairs: [0], texts: [1] }]));
  fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(asked.at(-1)).toBe("undo"));
});

it("names the words that disagree", async () => {
  await open();
  const [first] = await linesOf();
  fireEvent.click(within(first!).getByRole("button"));
  fireEvent.click(await screen.findByRole("button", { name: "Which words disagree" }));
  const words = await screen.findByRole("list", { name: /Words/ });
  const [caption, zero] = within(words).getAllByRole("listitem");
  expect(caption?.textContent).toContain("+0.7");
  expect(zero?.textContent).toContain("disagrees");
});

it("walks and marks by single keys, unless they are turned off", async () => {
  await open();
  const [first] = await linesOf();
  const button = within(first!).getByRole("button");
  fireEvent.keyDown(button, { key: "j" });
  fireEvent.keyDown(button, { key: "f" });
  await waitFor(() => expect(asked).toEqual([{ kind: "tag", pairs: [0], tag: "checked" }]));
  await screen.findAllByText("tag.");
  fireEvent.click(screen.getByRole("checkbox", { name: /Single keys/ }));
  fireEvent.keyDown(button, { key: "b" });
  fireEvent.keyDown(button, { key: "j" });
  fireEvent.keyDown(button, { key: "Delete" });
  await waitFor(() =>
    expect(asked.slice(1)).toEqual([{ kind: "exclude", pairs: [0], reason: "pair doctor" }]),
  );
});

it("excludes what is selected, all at once", async () => {
  await open();
  await list();
  fireEvent.click(screen.getByRole("button", { name: "Select 2" }));
  fireEvent.click(screen.getByRole("button", { name: "Exclude 2 pairs" }));
  await waitFor(() =>
    expect(asked).toEqual([{ kind: "exclude", pairs: [0, 1], reason: "pair doctor" }]),
  );
});

it("swaps back and shifts the table in one step each", async () => {
  await open({
    swaps: [{ pairs: [2, 4], texts: [4, 2], gain: 1.2 }],
    shift: { offset: 1, scores: [] },
  });
  fireEvent.click(await screen.findByRole("button", { name: "Swap back" }));
  await waitFor(() => expect(asked).toEqual([{ kind: "captions", pairs: [2, 4], texts: [4, 2] }]));
  const shift = await screen.findByRole("button", { name: /Take every caption from 1 row/ });
  await waitFor(() => expect(shift).toHaveProperty("disabled", false));
  fireEvent.click(shift);
  await waitFor(() =>
    expect(asked.slice(1)).toEqual([
      { kind: "captions", pairs: [0, 1, 2, 3, 4], texts: [1, 2, 3, 4, 5] },
      { kind: "exclude", pairs: [5], reason: "no caption after the table was shifted" },
    ]),
  );
});

it("says when it is out of date, and only then offers to train again", async () => {
  const project = await open();
  const train = screen.getByRole("button", { name: "Train “First” again" });
  expect(train).toHaveProperty("disabled", true);
  expect(screen.queryByText(/Out of date/)).toBeNull();
  await services.projects.update(project.id, { data: { ...project.data!, digest: "d2" } });
  await screen.findByText(/Out of date/);
  expect(train).toHaveProperty("disabled", false);
});
