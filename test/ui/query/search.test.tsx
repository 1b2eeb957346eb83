// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import type { GalleryFilter, ScoreSettings } from "../../../src/core/domain/query";
import type { RetrievalPair } from "../../../src/core/domain/evaluation";
import { encodeQuery } from "../../../src/core/formats/queryLink";
import { QueryPanel } from "../../../src/ui/features/query/QueryPanel";
import { projectWithPairs } from "../../support/projects";
import { renderPanel } from "../../support/renderPanel";
import { estimate, retrieval } from "../../support/retrieval";
import { sampleRun } from "../../support/samples";
import { testServices, type TestServices } from "../../support/services";

const TOTAL = 20;
URL.createObjectURL ??= () => "blob:x";
URL.revokeObjectURL ??= () => {};

let services: TestServices;
afterEach(() => {
  cleanup();
  services?.close();
});

interface Asked {
  readonly terms: readonly ({ weight: number } & ({ item: number } | { vector: Float32Array }))[];
  readonly target: string;
  readonly filter: GalleryFilter;
  readonly scores: ScoreSettings;
}

/** A space that ranks items in order, and remembers what it was asked. */
async function open(path?: string) {
  const asked: Asked[] = [];
  const encoded: string[] = [];
  services = await testServices({
    encode: {
      encodeQuery: async ({ inputs }) => {
        for (const input of inputs) encoded.push("text" in input ? input.text : "picture");
        const vectors = new Float32Array(inputs.length * 2);
        return { vectors, rows: inputs.length, cols: 2, elapsedMs: 14 };
      },
    },
    search: {
      open: async ({ runId }) => ({
        ...{ runId, step: 100, dimension: 2 },
        gallery: { image: TOTAL, text: TOTAL },
      }),
      search: async (params) => {
        asked.push(params as Asked);
        const none = Object.values(params.filter.labels ?? {})
          .flat()
          .includes("objects");
        const hits = Array.from({ length: none ? 0 : TOTAL }, (_, item) => ({
          ...{ item, rank: item + 1, score: 1 / (item + 1), cosine: 0.5 },
          split: item % 10 ? ("train" as const) : ("test" as const),
        }));
        return { hits, gallery: hits.length, step: 100, elapsedMs: 4 };
      },
      effects: async () => effects,
    },
  });
  const { id } = await projectWithPairs(services, TOTAL);
  await services.stores.runs.put(sampleRun("r0", id, { status: "done", test: retrieval(0.6) }));
  const at = (path ?? "/p/ID/query").replace("ID", id);
  const view = renderPanel(<QueryPanel />, { services, projectId: id, path: at });
  await screen.findByLabelText("Search by words");
  return { ...view, id, asked, encoded };
}

const measured = {
  imageToText: retrieval(0.6).imageToText,
  textToImage: retrieval(0.6).textToImage,
};
const difference = { direction: "textToImage", k: 10, p: 0.02 } as const;
const effects = {
  step: 100,
  chance: measured satisfies RetrievalPair,
  effects: [
    { scores: { centred: false, csls: false }, retrieval: measured, differences: [] },
    {
      scores: { centred: true, csls: false },
      retrieval: measured,
      differences: [{ ...difference, difference: 0.012, low: -0.003, high: 0.027 }],
    },
    {
      scores: { centred: false, csls: true },
      retrieval: {
        ...measured,
        textToImage: { ...measured.textToImage, recall: { "10": estimate(0.7) } },
      },
      differences: [{ ...difference, difference: 0.04, low: 0.01, high: 0.07 }],
    },
  ],
};

const box = () => screen.getByLabelText<HTMLInputElement>("Search by words");
const type = (text: string) => fireEvent.change(box(), { target: { value: text } });
const images = async () => within(await screen.findByRole("list", { name: "Images found" }));
const weightsOf = (asked: readonly Asked[]) => asked.at(-1)?.terms.map(({ weight }) => weight);
const press = (element: Element, key: string, init = {}) =>
  fireEvent.keyDown(element, { key, ...init });

describe("terms", () => {
  it("split at plus and minus and are asked with their weights", async () => {
    const { asked, encoded } = await open();
    type("cat - grass + 0.5*snow");
    await images();
    expect(encoded.slice(-3)).toEqual(["cat", "grass", "snow"]);
    expect(weightsOf(asked)).toEqual([1, -1, 0.5]);
    const chips = within(screen.getByRole("list", { name: "Terms of the query" }));
    expect(chips.getAllByRole("listitem")).toHaveLength(3);
  });

  it("show no chips while the query is plain words", async () => {
    await open();
    type("a red circle");
    await images();
    expect(screen.queryByRole("list", { name: "Terms of the query" })).toBeNull();
  });

  it("are rewritten in the box when a slider moves, and the box keeps what was typed otherwise", async () => {
    const { asked } = await open();
    type("cat  -  grass");
    fireEvent.change(screen.getByLabelText("Weight of grass"), { target: { value: "-0.4" } });
    expect(box().value).toBe("cat - 0.4*grass");
    await waitFor(() => expect(weightsOf(asked)).toEqual([1, -0.4]));
    fireEvent.change(screen.getByLabelText("Weight of cat as a number"), {
      target: { value: "1.5" },
    });
    expect(box().value).toBe("1.5*cat - 0.4*grass");
    fireEvent.click(screen.getByLabelText("Remove cat"));
    expect(box().value).toBe("-0.4*grass");
  });

  it("keep a number that is half typed, and take none beyond 2", async () => {
    await open();
    type("cat + dog");
    const field = screen.getByLabelText<HTMLInputElement>("Weight of cat as a number");
    fireEvent.change(field, { target: { value: "" } });
    expect(box().value).toBe("cat + dog");
    fireEvent.change(field, { target: { value: "7" } });
    expect(box().value).toBe("2*cat + dog");
  });

  it("join a picture with words, and neither box nor target is lost", async () => {
    const { asked } = await open();
    type("snow");
    const file = new File(["x"], "cat.png", { type: "image/png" });
    const picker = screen.getByLabelText("Picture to search with");
    fireEvent.change(picker, { target: { files: [file] } });
    await images();
    await waitFor(() => expect(asked.at(-1)?.terms).toHaveLength(2));
    expect(asked.at(-1)?.target).toBe("image");
    expect(box().value).toBe("snow");
    fireEvent.change(screen.getByLabelText("Weight of cat.png"), { target: { value: "-1" } });
    await waitFor(() => expect(weightsOf(asked)).toEqual([1, -1]));
  });

  it("say which dropped file is no picture", async () => {
    await open();
    const picker = screen.getByLabelText("Picture to search with");
    fireEvent.change(picker, { target: { files: [new File(["x"], "notes.txt")] } });
    expect(screen.getByRole("alert").textContent).toContain("notes.txt");
  });
});

describe("results", () => {
  it("are walked by arrows with one tab stop, and Enter goes on from one", async () => {
    const { asked } = await open();
    type("red");
    const list = await images();
    await list.findByLabelText("1. caption 0");
    const first = list.getByLabelText("1. caption 0");
    first.focus();
    press(first, "ArrowDown");
    await waitFor(() =>
      expect(document.activeElement?.getAttribute("aria-label")).toMatch(/^2\. /),
    );
    const stops = list.getAllByRole("button").filter((b) => b.tabIndex === 0 && b.ariaPressed);
    expect(stops).toHaveLength(1);
    press(document.activeElement ?? first, "Enter");
    await waitFor(() => expect(asked.at(-1)?.terms[0]).toMatchObject({ item: 1, weight: 1 }));
    expect(asked.at(-1)?.target).toBe("image");
    fireEvent.click(screen.getByText("Previous query"));
    expect(box().value).toBe("red");
    const again = await (await images()).findByLabelText("1. caption 0");
    again.focus();
    press(again, "Enter", { shiftKey: true });
    await screen.findByRole("list", { name: "Captions found" });
    expect(asked.at(-1)).toMatchObject({ terms: [{ item: 0 }], target: "text" });
  });

  it("open in the inspector, which follows the focus and closes on another question", async () => {
    await open();
    type("red");
    const list = await images();
    fireEvent.click(await list.findByLabelText("2. caption 1"));
    const sheet = within(await screen.findByRole("complementary", { name: "Result" }));
    expect(sheet.getByRole("heading", { name: /Rank 2/ })).toBeTruthy();
    await sheet.findByText("animals");
    expect(sheet.getByText("images/1.png")).toBeTruthy();
    fireEvent.focus(await list.findByLabelText("3. caption 2"));
    expect(await screen.findByRole("heading", { name: /Rank 3/ })).toBeTruthy();
    type("blue");
    await waitFor(() => expect(screen.queryByRole("complementary")).toBeNull());
  });

  it("can be added to the query and taken away from it", async () => {
    const { asked } = await open();
    type("red");
    fireEvent.click(await (await images()).findByLabelText("4. caption 3"));
    const sheet = within(await screen.findByRole("complementary", { name: "Result" }));
    fireEvent.click(await sheet.findByText("Take away from it"));
    await waitFor(() => expect(weightsOf(asked)).toEqual([1, -1]));
    expect(asked.at(-1)?.terms[1]).toMatchObject({ item: 3, modality: "image" });
  });

  it("that a filter leaves none of say so, and the way out", async () => {
    const { asked } = await open();
    type("red");
    await images();
    fireEvent.click(screen.getByText("Filter"));
    const drawer = within(screen.getByRole("group", { name: "Filter" }));
    fireEvent.change(await drawer.findByLabelText("category"), { target: { value: "objects" } });
    await screen.findByText("No image fulfils the filter: category objects.");
    expect(asked.at(-1)?.filter).toEqual({
      splits: ["train", "validation", "test"],
      labels: { category: ["objects"] },
    });
    fireEvent.click(screen.getAllByText("Rank everything")[0] as Element); // one of two, found above
    await images();
    expect(asked.at(-1)?.filter).toEqual({ splits: ["train", "validation", "test"] });
  });
});

describe("corrections", () => {
  it("are asked with, and their effect is shown beside them once it is measured", async () => {
    const { asked } = await open();
    type("red");
    await images();
    fireEvent.click(screen.getByRole("button", { name: "CSLS" }));
    await waitFor(() => expect(asked.at(-1)?.scores).toEqual({ centred: false, csls: true }));
    fireEvent.click(screen.getByText("What they do"));
    fireEvent.click(screen.getByText("Measure what they do"));
    expect(await screen.findByText("recall@10 +4.0 (+1.0 to +7.0)")).toBeTruthy();
    expect(screen.getByText("recall@10 +1.2 (−0.3 to +2.7)")).toBeTruthy();
    expect(
      screen.getByRole("group", { name: "Corrections of the scores, measured" }).textContent,
    ).toMatch(/queries, gallery of .*chance/);
  });
});

describe("saved queries", () => {
  it("are named, run, renamed, deleted and brought back", async () => {
    const { asked } = await open();
    type("cat - grass");
    fireEvent.click(screen.getByRole("button", { name: "Captions" }));
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    fireEvent.click(screen.getByText("Save this query…"));
    const name = await screen.findByLabelText<HTMLInputElement>("Name");
    expect(name.value).toBe("cat − grass");
    fireEvent.change(name, { target: { value: "indoor cats" } });
    fireEvent.submit(name);
    await screen.findByLabelText("Delete indoor cats");
    fireEvent.click(screen.getByText("Clear"));
    fireEvent.click(screen.getByText("indoor cats"));
    await waitFor(() => expect(box().value).toBe("cat - grass"));
    await waitFor(() => expect(asked.at(-1)?.target).toBe("text"));
    fireEvent.click(screen.getByLabelText("Rename indoor cats"));
    const again = await screen.findByLabelText<HTMLInputElement>("Name");
    fireEvent.change(again, { target: { value: "house cats" } });
    fireEvent.submit(again);
    fireEvent.click(await screen.findByLabelText("Delete house cats"));
    expect(await screen.findAllByText("Deleted “house cats”.")).not.toEqual([]);
    await waitFor(() => expect(screen.queryByLabelText("Delete house cats")).toBeNull());
    fireEvent.click(screen.getByText("Undo"));
    expect(await screen.findByLabelText("Delete house cats")).toBeTruthy();
  });

  it("keep the words and say that a picture stays behind", async () => {
    const { id } = await open();
    type("snow");
    const file = new File(["x"], "cat.png", { type: "image/png" });
    const picker = screen.getByLabelText("Picture to search with");
    fireEvent.change(picker, { target: { files: [file] } });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(screen.getByText(/A picture from outside the data cannot be saved/)).toBeTruthy();
    fireEvent.click(screen.getByText("Save without the picture…"));
    fireEvent.submit(await screen.findByLabelText("Name"));
    await screen.findByLabelText("Delete snow");
    const { savedQueries } = await services.stores.projects.get(id);
    expect(savedQueries?.[0]?.terms).toEqual([{ kind: "words", text: "snow", weight: 1 }]);
  });

  it("find their items again by content, and say which are gone", async () => {
    const { id, asked } = await open();
    const items = ["image-7", "gone"].map((digest) => {
      return { kind: "item", modality: "image", digest, weight: 1 } as const;
    });
    await services.projects.savedQueries.save(id, {
      ...{ name: "seven", terms: items, target: "image" },
      scores: { centred: false, csls: false },
      filter: { splits: ["test"] },
    });
    fireEvent.click(await screen.findByRole("button", { name: "Saved (1)" }));
    fireEvent.click(screen.getByText("seven"));
    expect(await screen.findAllByText(/^One item of this query is not in the data/)).not.toEqual(
      [],
    );
    await waitFor(() => expect(asked.at(-1)?.terms).toMatchObject([{ item: 7 }]));
    expect(asked.at(-1)?.filter.splits).toEqual(["test"]);
  });
});

describe("addresses", () => {
  const linked = {
    data: "a".repeat(64),
    terms: [
      { kind: "words", text: "rock + roll", weight: 1 },
      { kind: "words", text: "noise", weight: -0.5 },
    ],
    target: "text",
    scores: { centred: true, csls: false },
    splits: ["test"],
  } as const;

  it("carry a query, which is asked once and then leaves the address", async () => {
    const { asked, id, path } = await open(`/p/ID/query/search/${encodeQuery(linked)}`);
    await waitFor(() => expect(box().value).toBe('"rock + roll" - 0.5*noise'));
    await waitFor(() =>
      expect(asked.at(-1)).toMatchObject({
        target: "text",
        scores: { centred: true },
        filter: { splits: ["test"] },
      }),
    );
    expect(path()).toBe(`/p/${id}/query/search`);
    expect(screen.getAllByText(/was asked of other data/).length).toBeGreaterThan(0);
  });

  it("that carry nonsense change nothing but say so", async () => {
    await open("/p/ID/query/search/eyJhIjoxfQ");
    expect(await screen.findByText("The query in this link cannot be used.")).toBeTruthy();
    expect(box().value).toBe("");
  });

  it("name the tab, and arrows walk the tabs", async () => {
    const { id, path } = await open();
    const tab = screen.getByRole("tab", { name: "Search" });
    expect(tab.tabIndex).toBe(0);
    press(tab, "ArrowRight");
    const next = screen.getByRole("tab", { name: "Zero-shot classifier" });
    expect(next.ariaSelected ?? next.getAttribute("aria-selected")).toBe("true");
    expect(document.activeElement).toBe(next);
    expect(path()).toBe(`/p/${id}/query/classify`);
    press(next, "Home");
    type("still here");
    press(screen.getByRole("tab", { name: "Search" }), "ArrowRight");
    press(document.activeElement ?? next, "ArrowLeft");
    expect(box().value).toBe("still here");
  });
});
