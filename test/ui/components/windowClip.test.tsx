// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { Blob } from "node:buffer";
import { afterEach, expect, it, vi } from "vitest";
import { ServicesContext } from "../../../src/app/services";
import { AppError } from "../../../src/core/errors";
import { matrix } from "../../../src/core/math/matrix";
import { writeWindow } from "../../../src/core/formats/sensorWindow";
import { windowCurves } from "../../../src/ui/components/windowCurves";
import { WindowClip } from "../../../src/ui/components/WindowClip";
import { testServices, type TestServices } from "../../support/services";

const BOX = { width: 10, height: 22 };
let services: TestServices | undefined;
afterEach(() => {
  cleanup();
  services?.close();
});

it("draws the lowest reading at the bottom and the highest at the top of each channel", () => {
  const [up, flat] = windowCurves(matrix(2, 3, Float32Array.of(-1, 0, 3, 7, 7, 7)), BOX);
  expect(up).toEqual({ points: "0.0,21.0 5.0,16.0 10.0,1.0", lowest: -1, highest: 3 });
  expect(flat?.points).toBe("0.0,11.0 5.0,11.0 10.0,11.0");
});

it("keeps a spike of one reading among a thousand", () => {
  const readings = new Float32Array(1000);
  readings[617] = 5;
  const [curve] = windowCurves(matrix(1, 1000, readings), BOX);
  expect(curve?.points.split(" ").length).toBeLessThanOrEqual(20);
  expect(curve?.points).toContain(",1.0");
  expect(curve?.highest).toBe(5);
});

async function show(isDetailed: boolean, digest = "d1") {
  services = await testServices();
  const window = matrix(
    2,
    20,
    Float32Array.from({ length: 40 }, (_, i) => i / 2),
  );
  // jsdom's blobs are no Node's, and its database keeps neither.
  const file = new Blob([writeWindow(window)]);
  vi.spyOn(services.stores.datasets, "blob").mockImplementation(async (_project, name) => {
    if (name === "d1") return file as unknown as globalThis.Blob;
    throw new AppError("storage/missing", name);
  });
  const layout = { channels: [{ name: "ax", unit: "g" }, { name: "ay" }] };
  render(
    <ServicesContext value={services}>
      <WindowClip projectId="p1" digest={digest} layout={layout} isDetailed={isDetailed} />
    </ServicesContext>,
  );
}

it("names channels and units beside the curves", async () => {
  await show(false);
  expect(await screen.findByText("ax (g), ay")).toBeTruthy();
});

it("tells every channel's range in a table", async () => {
  await show(true);
  const row = await screen.findByRole("row", { name: /ax\s*g\s*0\s*9.5/ });
  expect(row).toBeTruthy();
  expect(screen.getByRole("row", { name: /ay\s*10\s*19.5/ })).toBeTruthy();
});

it("says so where the window is not stored", async () => {
  await show(false, "gone");
  expect(await screen.findByText("not stored")).toBeTruthy();
});
