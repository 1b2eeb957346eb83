// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { AppError } from "../../../src/core/errors";
import { SaveCsv } from "../../../src/ui/components/SaveCsv";

let saved: { name: string; blob: Blob }[];

beforeEach(() => {
  saved = [];
  let blob = new Blob();
  URL.createObjectURL = (content: Blob) => {
    blob = content;
    return "blob:x";
  };
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    saved.push({ name: this.download, blob });
  });
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const press = () => fireEvent.click(screen.getByRole("button", { name: "Save as CSV" }));

it("saves what was written at the press, as UTF-8", async () => {
  render(<SaveCsv name="map.csv" text={() => "item,x\ncafé,1\n"} />);
  press();
  await vi.waitFor(() => expect(saved).toHaveLength(1));
  expect(saved[0]).toMatchObject({ name: "map.csv", blob: { type: "text/csv;charset=utf-8" } });
  expect(saved[0]?.blob.size).toBe(15);
});

it("takes no second press while a table is being written", async () => {
  let finish = (_text: string) => {};
  const text = vi.fn(() => new Promise<string>((resolve) => (finish = resolve)));
  render(<SaveCsv name="map.csv" text={text} />);
  press();
  const button = screen.getByRole<HTMLButtonElement>("button", { name: "Writing the table…" });
  expect(button.disabled).toBe(true);
  finish("a\n");
  await screen.findByRole("button", { name: "Save as CSV" });
  expect(saved).toHaveLength(1);
});

it("says why a table could not be written, and can be pressed again", async () => {
  const text = vi.fn<() => Promise<string>>(async () => "a\n");
  text.mockRejectedValueOnce(new AppError("storage/quota", "the items"));
  render(<SaveCsv name="map.csv" text={text} />);
  press();
  expect((await screen.findByRole("alert")).textContent).toContain("the items");
  expect(saved).toEqual([]);
  press();
  await vi.waitFor(() => expect(saved).toHaveLength(1));
  expect(screen.queryByRole("alert")).toBeNull();
});
