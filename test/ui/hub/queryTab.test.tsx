// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { QueryInput } from "../../../src/core/domain/encodeRequest";
import { HUB_AUDIO_ENCODERS } from "../../../src/core/catalogue/hubAudioEncoders";
import type { HubMember } from "../../../src/core/domain/hub";
import type { HubSearchRequest } from "../../../src/core/domain/hubQuery";
import { AppError } from "../../../src/core/errors";
import { HubQueryTab } from "../../../src/ui/features/hub/query/HubQueryTab";
import { projectWithPairs } from "../../support/projects";
import { renderPanel } from "../../support/renderPanel";
import { hubWithSounds, joinedMember } from "../../support/sampleHubs";
import { testServices, type FakeWorkers, type TestServices } from "../../support/services";

URL.createObjectURL ??= () => "blob:x";
URL.revokeObjectURL ??= () => {};

const TOTAL = 20;
let services: TestServices;
afterEach(() => {
  cleanup();
  services?.close();
  vi.unstubAllGlobals();
});

/** A hub that ranks items in order, and remembers what it was asked and what was encoded. */
async function open(hub: FakeWorkers["hub"] = {}, others: readonly HubMember[] = []) {
  const asked: HubSearchRequest[] = [];
  const encoded: QueryInput[] = [];
  services = await testServices({
    encode: {
      encodeQuery: async ({ inputs }) => {
        encoded.push(...inputs);
        const vectors = new Float32Array(inputs.length * 2);
        return { vectors, rows: inputs.length, cols: 2, elapsedMs: 14 };
      },
    },
    hub: {
      open: async ({ hubId }) => ({
        ...{ hubId, gallery: { image: TOTAL, text: TOTAL, sounds: 40 } },
        absent: [],
      }),
      search: async (request) => {
        asked.push(request);
        const hits = Array.from({ length: TOTAL }, (_, item) => ({
          ...{ projectId: id, item, rank: item + 1, score: 1 / (item + 1), cosine: 0.5 },
          split: item % 10 ? ("train" as const) : ("test" as const),
        }));
        const isTestOnly = request.splits.join() === "test";
        const left = isTestOnly ? [] : hits;
        return { hits: left, gallery: left.length, elapsedMs: 4 };
      },
      ...hub,
    },
  });
  const { id } = await projectWithPairs(services, TOTAL);
  const { hub: frozen, members: all } = hubWithSounds(id);
  const known = HUB_AUDIO_ENCODERS[0]?.id ?? "none"; // any encoder of sounds in the catalogue
  const encoder = { id: known, pooling: "mean" as const, layer: null };
  const members = [...all, ...others].map((member) =>
    member.modality === "audio" ? { ...member, encoder } : member,
  );
  const whole = { hub: frozen, members };
  const show = async () => {
    renderPanel(<HubQueryTab {...whole} />, { services, projectId: id });
    await screen.findByLabelText("Search by words");
  };
  await show();
  return { id, asked, encoded, show, ...whole };
}

const type = (text: string) =>
  fireEvent.change(screen.getByLabelText("Search by words"), { target: { value: text } });
const found = async (name = "Images found") => within(await screen.findByRole("list", { name }));
const find = (name: RegExp) =>
  within(screen.getByRole("group", { name: "Find" })).getByRole("button", { name });
const drop = (file: File) =>
  fireEvent.change(screen.getByLabelText("File to search with"), { target: { files: [file] } });

describe("a query across members", () => {
  it("asks words through the captions for pictures, and says the way between the two", async () => {
    const { asked, encoded } = await open();
    type("cat - grass");
    await found();
    expect(encoded).toEqual([{ text: "cat" }, { text: "grass" }]);
    expect(asked.at(-1)).toMatchObject({ target: "image", hubId: "h1" });
    expect(asked.at(-1)?.terms.map(({ memberId, weight }) => [memberId, weight])).toEqual([
      ["text", 1],
      ["text", -1],
    ]);
    const paths = within(screen.getByRole("list", { name: "Paths of this query" }));
    expect(paths.getByRole("listitem").textContent).toContain("Captions → images: trained");
    expect(paths.getByRole("button", { name: "Measure" })).toBeTruthy(); // nobody measured it yet
  });

  it("takes a dropped sound to its member, shows pictures, and calls the way emergent", async () => {
    const { asked, encoded } = await open();
    drop(new File(["x"], "cat.wav", { type: "audio/wav" }));
    await found();
    expect(Object.keys(encoded[0] ?? {})).toEqual(["audio"]);
    expect(asked.at(-1)).toMatchObject({ target: "image", terms: [{ memberId: "sounds" }] });
    const path = screen.getByRole("list", { name: "Paths of this query" }).textContent;
    expect(path).toMatch(/Sounds → images: emergent.*2 hops.*recall@10 45.0 %.*chance 10.0 %/);
  });

  it("asks which of two members hears a sound, asks the other with the same sound, and remembers", async () => {
    const birds = joinedMember({ hubId: "h1", projectId: "none" }, { id: "birds", data: null });
    const { asked, encoded, show } = await open({}, [birds]);
    const reader = () => screen.getByLabelText<HTMLSelectElement>("Sounds are heard by");
    await waitFor(() => expect(reader().options[0]?.text).toBe("Sounds of My museum"));
    drop(new File(["x"], "cat.wav", { type: "audio/wav" }));
    await found();
    expect(asked.at(-1)?.terms[0]?.memberId).toBe("sounds");
    const chips = () => screen.getByRole("list", { name: "Terms of the query" }).textContent;
    expect(chips()).toContain("Sounds of My museumcat.wav");
    fireEvent.change(reader(), { target: { value: "birds" } });
    await waitFor(() => expect(asked.at(-1)?.terms[0]?.memberId).toBe("birds"));
    expect(encoded).toHaveLength(1); // both have one encoder
    expect(chips()).toMatch(/^Sounds by .+cat.wav/);
    expect(chips()).not.toContain("My museum");
    const paths = screen.getByRole("list", { name: "Paths of this query" }).textContent;
    expect(paths).toMatch(/^Sounds by .+ → images/);
    cleanup();
    await show();
    await waitFor(() => expect(reader().value).toBe("birds"));
  });

  it("asks nothing about who hears where one member does", async () => {
    await open();
    expect(screen.queryByLabelText("Sounds are heard by")).toBeNull();
    expect(find(/^Sounds/)).toBeTruthy();
  });

  it("mixes words and files with weights, and names what it cannot use", async () => {
    const { asked } = await open();
    type("snow");
    drop(new File(["x"], "cat.wav", { type: "audio/wav" }));
    await found();
    fireEvent.change(screen.getByLabelText("Weight of cat.wav"), { target: { value: "-0.5" } });
    await waitFor(() => expect(asked.at(-1)?.terms.map(({ weight }) => weight)).toEqual([1, -0.5]));
    drop(new File(["x"], "walk.csv", { type: "text/csv" }));
    expect(screen.getByRole("alert").textContent).toContain("walk.csv");
    drop(new File(["x"], "notes.txt", { type: "text/plain" }));
    expect(screen.getByRole("alert").textContent).toContain("of no known kind");
  });

  it("finds in another member at a click, with the counts of each", async () => {
    const { asked } = await open();
    type("cat");
    await found();
    await screen.findByRole("button", { name: "Sounds 40" });
    fireEvent.click(find(/^Captions 20/));
    const captions = await found("Captions found");
    await captions.findByLabelText("1. caption 0");
    expect(asked.at(-1)?.target).toBe("text");
    expect(screen.getByText(/within one member/)).toBeTruthy();
  });

  it("goes on from a result: more like it, and what goes with it in any member", async () => {
    const { id, asked } = await open();
    type("cat");
    const list = await found();
    fireEvent.click(await list.findByLabelText("3. caption 2"));
    const sheet = within(await screen.findByRole("complementary", { name: "Result" }));
    fireEvent.click(await sheet.findByText("What goes with it in sounds"));
    await waitFor(() => expect(asked.at(-1)?.target).toBe("sounds"));
    expect(asked.at(-1)?.terms).toEqual([
      { memberId: "image", weight: 1, item: { projectId: id, item: 2 } },
    ]);
    fireEvent.click(screen.getByText("Previous query"));
    await waitFor(() => expect(asked.at(-1)?.target).toBe("image"));
  });

  it("ranks one split, and offers the way out where it has nothing", async () => {
    const { asked } = await open();
    type("cat");
    await found();
    const split = screen.getByLabelText("Split that is ranked");
    fireEvent.change(split, { target: { value: "2" } });
    await screen.findByText("No images are in the test split.");
    fireEvent.click(screen.getByText("Rank everything"));
    await found();
    expect(asked.at(-1)?.splits).toEqual(["train", "validation", "test"]);
  });

  it("offers held-out captions to ask with", async () => {
    const { encoded } = await open();
    const examples = within(await screen.findByRole("region", { name: "Queries to try" }));
    fireEvent.click(await examples.findByText("caption 0"));
    await found();
    expect(encoded.at(-1)).toEqual({ text: "caption 0" });
  });
});

describe("the gallery", () => {
  it("that cannot be made says why and is tried again at a click", async () => {
    let attempts = 0;
    await open({
      open: async ({ hubId }) => {
        if (attempts++ === 0) throw new AppError("embeddings/missing", "3 images");
        return { hubId, gallery: { image: 1, text: 1, sounds: 1 }, absent: [] };
      },
    });
    fireEvent.click(await screen.findByRole("button", { name: "Try again" }));
    await screen.findByText("1 images, 1 captions, 1 sounds ready to search");
  });

  it("names members without items and why", async () => {
    await open({
      open: async ({ hubId }) => ({
        ...{ hubId, gallery: { image: 1, text: 1 } },
        absent: [{ memberId: "sounds", reason: "its project was deleted" }],
      }),
    });
    await screen.findByText(/Sounds has no items to find: its project was deleted/);
  });
});
