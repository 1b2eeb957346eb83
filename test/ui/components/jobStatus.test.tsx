// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { AppError } from "../../../src/core/errors";
import type { JobState } from "../../../src/core/job";
import { JobStatus } from "../../../src/ui/components/JobStatus";

afterEach(cleanup);

const running = (done: number): JobState => ({
  status: "running",
  startedAt: 0,
  progress: { stage: "encode", done, total: 3246, unit: "items" },
});

it("shows stage, amount and a named progress bar, and stops on request", () => {
  const onStop = vi.fn();
  render(
    <JobStatus job={running(412)} label="Encoding images" onStop={onStop} stopLabel="Pause" />,
  );
  expect(screen.getByText("412 of 3,246 items")).toBeDefined();
  const bar = screen.getByRole("progressbar", { name: "Encoding images" });
  expect([bar.getAttribute("value"), bar.getAttribute("max")]).toEqual(["412", "3246"]);
  fireEvent.click(screen.getByRole("button", { name: "Pause" }));
  expect(onStop).toHaveBeenCalledOnce();
});

it("says what the engine did by itself", () => {
  const job = running(412);
  const note = "The graphics driver did not answer; going on with the CPU.";
  const noted = job.status === "running" && { ...job, progress: { ...job.progress!, note } };
  render(<JobStatus job={noted || job} label="Encoding images" />);
  expect(screen.getByText(note)).toBeDefined();
});

it("gives rate and time left from the third report on, never before", () => {
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
  const { rerender } = render(<JobStatus job={running(0)} label="Encoding images" />);
  now = 1000;
  rerender(<JobStatus job={running(100)} label="Encoding images" />);
  expect(screen.queryByText(/left/)).toBeNull();
  now = 2000;
  rerender(<JobStatus job={running(246)} label="Encoding images" />);
  expect(screen.getByText(/123 items\/s · about 24 s left/)).toBeDefined();
  clock.mockRestore();
});

it("tells a screen reader once per tenth, not at every report", () => {
  const { rerender } = render(<JobStatus job={running(1000)} label="Encoding images" />);
  const before = screen.getByRole("status").textContent;
  rerender(<JobStatus job={running(1200)} label="Encoding images" />);
  expect(screen.getByRole("status").textContent).toBe(before);
  rerender(<JobStatus job={running(1300)} label="Encoding images" />);
  expect(screen.getByRole("status").textContent).toBe("Encoding images: Encoding, 40 %.");
});

it("treats a stop as no failure", () => {
  render(<JobStatus job={{ status: "cancelled" }} label="Encoding images" />);
  expect(screen.getByText("Stopped. Finished work is kept.")).toBeDefined();
  expect(screen.queryByRole("alert")).toBeNull();
});

it("shows a failure with its place and its remedy, and can be dismissed", () => {
  const onDismiss = vi.fn();
  const error = new AppError("import/metadata", "metadata.csv:17");
  render(<JobStatus job={{ status: "failed", error }} label="Importing" onDismiss={onDismiss} />);
  const alert = screen.getByRole("alert");
  expect(alert.textContent).toContain("The metadata file cannot be used. metadata.csv:17");
  expect(alert.textContent).toContain(error.remedy);
  fireEvent.click(screen.getByRole("button", { name: "Dismiss" }));
  expect(onDismiss).toHaveBeenCalledOnce();
});

it("shows the details for copying where the clipboard is refused", async () => {
  const error = new AppError("internal", "broken");
  render(<JobStatus job={{ status: "failed", error }} label="Importing" />);
  fireEvent.click(screen.getByRole("button", { name: "Copy details" }));
  const details = await screen.findByLabelText(/Error details/);
  expect((details as HTMLTextAreaElement).value).toContain("internal: Something went wrong");
});
