// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { Choice } from "../../../src/ui/components/Choice";

afterEach(cleanup);

const OPTIONS = [
  ["step", "Steps"],
  ["time", "Time"],
] as const;

it("is a named group of radios of which one is chosen", () => {
  render(<Choice legend="Over" options={OPTIONS} value="time" onChange={() => {}} />);
  expect(screen.getByRole("group", { name: "Over" })).toBeTruthy();
  expect(screen.getByRole<HTMLInputElement>("radio", { name: "Steps" }).checked).toBe(false);
  expect(screen.getByRole<HTMLInputElement>("radio", { name: "Time" }).checked).toBe(true);
});

it("tells which other was chosen", () => {
  const onChange = vi.fn();
  render(<Choice legend="Over" options={OPTIONS} value="time" onChange={onChange} />);
  fireEvent.click(screen.getByRole("radio", { name: "Steps" }));
  expect(onChange).toHaveBeenCalledExactlyOnceWith("step");
});

it("keeps the radios of two choices on one screen apart", () => {
  render(
    <>
      <Choice legend="Over" options={OPTIONS} value="time" onChange={() => {}} />
      <Choice legend="Under" options={OPTIONS} value="step" onChange={() => {}} />
    </>,
  );
  const names = screen.getAllByRole<HTMLInputElement>("radio").map(({ name }) => name);
  expect(new Set(names).size).toBe(2);
});
