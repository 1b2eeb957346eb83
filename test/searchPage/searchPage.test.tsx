// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AppError } from "../../src/core/errors";
import { WorkerClient } from "../../src/rpc/client";
import type { PageContract } from "../../src/searchPage/pageContract";
import { SearchPage } from "../../src/searchPage/SearchPage";
import { fakeWorker } from "../support/fakeWorker";
import { sampleManifest } from "../support/searchPage";
import { eventually } from "../support/eventually";

let asked: string[];
let client: WorkerClient<PageContract> | undefined;

beforeEach(() => {
  asked = [];
  history.replaceState(null, "", "/");
});
afterEach(() => {
  cleanup();
  client?.close();
  client = undefined;
});

function start() {
  const { worker } = fakeWorker<PageContract>({
    part: async () => {},
    open: async () => ({ openMs: 1 }),
    search: async ({ text }) => {
      asked.push(text);
      return {
        items: Uint32Array.of(1, 0),
        scores: Float64Array.of(0.75, -0.25),
        encodeMs: 4,
        rankMs: 1,
      };
    },
  });
  client = new WorkerClient<PageContract>(worker);
  return client;
}

const show = (load = async () => "", change = {}) =>
  render(<SearchPage manifest={sampleManifest(change)} load={load} start={start} />);

const box = () => screen.getByRole("searchbox", { name: "Search the pictures by words" });
const tiles = () =>
  within(screen.getByRole("list", { name: "Pictures" }))
    .getAllByRole("button")
    .map((tile) => tile.textContent);

describe("SearchPage", () => {
  it("shows the gallery, and loads the encoder only when somebody wants to search", async () => {
    const load = vi.fn(async () => "");
    show(load);
    expect(tiles()).toEqual(["no picture storedcat", "no picture storeddog"]);
    expect(screen.getByRole("status").textContent).toMatch(/encoder \(161 B\) loads when you/);
    expect(load).not.toHaveBeenCalled();
    fireEvent.focus(box());
    await eventually(() => expect(load).toHaveBeenCalledTimes(5));
  });

  it("ranks by words, with rank and score, and keeps them in the address", async () => {
    show();
    fireEvent.change(box(), { target: { value: "puppy & co" } });
    await screen.findByText(/^The nearest 2 of 2, in 5 ms/);
    expect(tiles()).toEqual(["no picture stored10.750dog", "no picture stored2-0.250cat"]);
    expect(location.hash).toBe("#q=puppy%20%26%20co");
    fireEvent.change(box(), { target: { value: " " } });
    expect(tiles()[0]).toBe("no picture storedcat");
    expect(location.hash).toBe("");
  });

  it("searches for what a link or an example names", async () => {
    history.replaceState(null, "", "#q=a%20cat");
    show();
    await screen.findByText(/^The nearest/);
    fireEvent.click(screen.getByRole("button", { name: "a small dog" }));
    await eventually(() => expect(asked).toEqual(["a cat", "a small dog"]));
    expect((box() as HTMLInputElement).value).toBe("a small dog");
  });

  it("searches once for a word that is typed without a pause", async () => {
    show();
    for (const value of ["d", "do", "dog"]) fireEvent.change(box(), { target: { value } });
    await screen.findByText(/^The nearest/);
    expect(asked).toEqual(["dog"]);
  });

  it("says which file is missing, and tries again when asked", async () => {
    let isWhole = false;
    show(async () => {
      if (isWhole) return "";
      throw new AppError("page/part", "data/model-0.js");
    });
    fireEvent.change(box(), { target: { value: "dog" } });
    const note = await screen.findByRole("alert");
    expect(note.textContent).toContain("data/model-0.js");
    isWhole = true;
    fireEvent.click(screen.getByRole("button", { name: "Load again" }));
    await screen.findByText(/^The nearest/);
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("walks the pictures with the arrow keys and “/” comes back to the box", () => {
    show();
    const [first, second] = within(screen.getByRole("list", { name: "Pictures" })).getAllByRole(
      "button",
    );
    expect([first!.tabIndex, second!.tabIndex]).toEqual([0, -1]);
    first!.focus();
    fireEvent.keyDown(first!, { key: "ArrowRight" });
    expect(document.activeElement).toBe(second);
    expect(second!.tabIndex).toBe(0);
    fireEvent.keyDown(second!, { key: "/" });
    expect(document.activeElement).toBe(box());
  });

  it("says what made it and how good it is: interval, gallery and chance with the number", () => {
    show();
    const about = screen.getByRole("region", { name: "About this search" }).textContent;
    expect(about).toContain("Recall@10 69.4 % (95 % interval 60.0 % to 78.0 %, by chance 6.0 %)");
    expect(about).toContain("164 held-out captions among 321 held-out pictures");
    expect(about).toMatch(/EfficientNet-Lite0.*Apache-2\.0.*all-MiniLM-L6-v2/);
    cleanup();
    show(undefined, { recall: null });
    expect(screen.getByText(/not measured/)).toBeTruthy();
  });
});
