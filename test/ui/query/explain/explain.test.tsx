// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import type { MissReport } from "../../../../src/core/domain/missReport";
import { AppError } from "../../../../src/core/errors";
import { QueryPanel } from "../../../../src/ui/features/query/QueryPanel";
import { projectWithPairs } from "../../../support/projects";
import { renderPanel } from "../../../support/renderPanel";
import { retrieval } from "../../../support/retrieval";
import { sampleRun } from "../../../support/samples";
import { testServices, type FakeWorkers, type TestServices } from "../../../support/services";

const TOTAL = 20;
const SIDE = 4;
URL.createObjectURL ??= () => "blob:x";
URL.revokeObjectURL ??= () => {};
HTMLCanvasElement.prototype.getContext = () => null; // jsdom draws nothing

let services: TestServices;
afterEach(() => {
  cleanup();
  services?.close();
});

const report: MissReport = {
  ...{ rank: 2, gallery: TOTAL, score: 0.5, step: 100, isOutside: false },
  winner: { item: 0, score: 1 },
  nearness: { cosine: 0.4, place: 15, others: TOTAL - 1 },
  wording: { expected: 0.9, winner: 0.3, place: 12, others: TOTAL - 1 },
  direct: null,
  vote: { expected: 0.5, winner: 0.2, z: 2.5, neighbours: 10 },
  verdict: "alignment",
};

interface World {
  readonly pictureParts?: NonNullable<FakeWorkers["encode"]>["pictureParts"];
  /** Scores of the parts with the query, and with every random one. */
  readonly own?: (part: number) => number;
  readonly control?: (part: number, control: number) => number;
}

/** The inspector of the second result for “a red circle”, explanations folded. */
async function open(world: World = {}) {
  const calls = { parts: [] as string[], why: [] as number[] };
  const parts = SIDE ** 2;
  const { own = (part) => part, control = (part, c) => ((part * 7 + c * 5) % 11) - part / 9 } =
    world;
  services = await testServices({
    encode: {
      encodeQuery: async ({ inputs }) => ({
        ...{ vectors: new Float32Array(inputs.length * 2), rows: inputs.length, cols: 2 },
        elapsedMs: 1,
      }),
      pictureParts: async (params, context) => {
        calls.parts.push(params.method);
        if (world.pictureParts) return world.pictureParts(params, context);
        const vectors = { rows: parts, cols: 2, data: new Float32Array(parts * 2) };
        return {
          ...{ method: "tokens" as const, rows: SIDE, cols: SIDE, window: 1, parts: vectors },
          whole: { rows: 1, cols: 2, data: new Float32Array(2) },
          area: { left: 0, top: 0, width: 1, height: 1 },
        };
      },
    },
    search: {
      open: async ({ runId }) => ({
        ...{ runId, step: 100, dimension: 2 },
        gallery: { image: TOTAL, text: TOTAL },
      }),
      search: async () => ({
        hits: [0, 3].map((item, i) => ({
          ...{ item, rank: i + 1, score: 1 / (i + 1), cosine: 0.5 },
          split: "train" as const,
        })),
        ...{ gallery: TOTAL, step: 100, elapsedMs: 4 },
      }),
      scoreVectors: async ({ queries, rows, controls }) => {
        const many = "items" in rows ? rows.items.length : rows.count;
        const q = queries.length + (controls?.as === "queries" ? 8 : 0);
        const r = many + (controls?.as === "rows" ? 8 : 0);
        const scores = Float32Array.from({ length: q * r }, (_, at) => {
          const [query, row] = [Math.floor(at / r), at % r];
          if ("items" in rows) return (query + 1) / 10; // each word left out raises the score
          return query === 0 ? own(row - 1) : control(row - 1, query);
        });
        return { scores, queries: q, rows: r, step: 100 };
      },
      explainMiss: async ({ expected }) => {
        calls.why.push(expected);
        return expected === 0 ? { ...report, rank: 1, verdict: "first" as const } : report;
      },
    },
  });
  const { id } = await projectWithPairs(services, TOTAL);
  await services.stores.runs.put(sampleRun("r0", id, { status: "done", test: retrieval(0.6) }));
  renderPanel(<QueryPanel />, { services, projectId: id, path: `/p/${id}/query` });
  fireEvent.change(await screen.findByLabelText("Search by words"), {
    target: { value: "a red circle" },
  });
  const found = within(await screen.findByRole("list", { name: "Images found" }));
  await waitFor(() => expect(found.getAllByRole("listitem").length).toBe(2));
  const second = found.getAllByRole("listitem")[1]!;
  fireEvent.click(within(second).getAllByRole("button")[0]!);
  const inspector = within(await screen.findByRole("region", { name: "Explanations" }));
  return { ...calls, inspector };
}

const unfold = (summary: HTMLElement) => {
  const details = summary.closest("details")!;
  details.open = true;
  fireEvent(details, new Event("toggle"));
};

it("works nothing out before it is asked", async () => {
  const { parts, why, inspector } = await open();
  expect(inspector.getByText("Where in the picture")).toBeTruthy();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect([...parts, ...why]).toEqual([]);
});

it("maps the query onto the picture, in words and numbers too", async () => {
  const { inspector } = await open();
  unfold(inspector.getByText("Where in the picture"));
  expect(await inspector.findByText(/Patch tokens through the projector/)).toBeTruthy();
  expect(
    inspector.getByText(/highest at the bottom right \(row 4, column 4: 15\.000\)/),
  ).toBeTruthy();
  expect(inspector.getByText(/It depends on the query: rank correlation/)).toBeTruthy();
  const table = within(inspector.getByRole("table"));
  expect(table.getAllByRole("row")).toHaveLength(SIDE + 1);
  expect(inspector.getByLabelText("Strength of the map")).toBeTruthy();
});

it("hides a map that would be the same for any query until it is asked for", async () => {
  const { inspector } = await open({ control: (part) => part });
  unfold(inspector.getByText("Where in the picture"));
  expect(await inspector.findByText(/Nearly the same map for any query/)).toBeTruthy();
  expect(inspector.queryByRole("table")).toBeNull();
  fireEvent.click(inspector.getByText("Show it all the same"));
  expect(inspector.getByRole("table")).toBeTruthy();
});

it("checks the patches by occlusion when asked", async () => {
  const { inspector, parts } = await open();
  unfold(inspector.getByText("Where in the picture"));
  fireEvent.click(await inspector.findByText(/Check by covering parts/));
  await waitFor(() => expect(parts).toEqual(["auto", "occlusion"]));
});

it("says why there is no map, and tries again", async () => {
  let tries = 0;
  const { inspector } = await open({
    pictureParts: async () => {
      tries++;
      throw new AppError("encoder/vectors-only", "Mine");
    },
  });
  unfold(inspector.getByText("Where in the picture"));
  expect((await inspector.findByRole("alert")).textContent).toContain("came without a network");
  fireEvent.click(inspector.getByText("Try again"));
  await waitFor(() => expect(tries).toBe(2));
});

it("stops a map that takes long", async () => {
  let stopped = false;
  const { inspector, parts } = await open({
    pictureParts: (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          stopped = true;
          reject(new AppError("cancelled"));
        });
      }),
  });
  unfold(inspector.getByText("Where in the picture"));
  await waitFor(() => expect(parts).toHaveLength(1));
  fireEvent.click(await inspector.findByRole("button", { name: "Stop" }));
  expect((await inspector.findByRole("alert")).textContent).toContain("Stopped.");
  await waitFor(() => expect(stopped).toBe(true));
});

it("gives every word its number, and marks those that count against", async () => {
  const { inspector } = await open();
  unfold(inspector.getByText("Which words"));
  const table = within(await inspector.findByRole("table"));
  const rows = table.getAllByRole("row").slice(1);
  expect(rows.map((row) => row.textContent)).toEqual(["a−0.100", "red−0.200", "circle−0.300"]);
});

it("says who is to blame, with the evidence", async () => {
  const { inspector, why } = await open();
  unfold(inspector.getByText("Why it is not first"));
  expect(
    await inspector.findByText(/Rank 2 of 20, score 0\.500; the first has 1\.000/),
  ).toBeTruthy();
  expect(inspector.getByText(/The alignment lost it/)).toBeTruthy();
  expect(inspector.getByText(/2\.5 standard errors apart/)).toBeTruthy();
  expect(why).toEqual([3]);
});

it("asks about another item, found by its caption", async () => {
  const { inspector, why } = await open();
  unfold(inspector.getByText("Why it is not first"));
  expect(await inspector.findByText("No caption contains “a red circle”.")).toBeTruthy();
  fireEvent.change(inspector.getByLabelText(/Expected another/), {
    target: { value: "Caption 1" },
  });
  const offers = within(inspector.getByRole("group", { name: "Items with these words" }));
  await waitFor(() => expect(offers.getAllByRole("button").length).toBe(11));
  expect(offers.getAllByRole("button")[0]?.textContent).toBe("caption 1 image 2");
  fireEvent.click(offers.getByText(/caption 12/));
  await waitFor(() => expect(why).toEqual([3, 12]));
});
