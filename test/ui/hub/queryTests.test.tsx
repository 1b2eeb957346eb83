// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import type { DegradeRequest, LagRequest, MissingRequest } from "../../../src/core/domain/hubQuery";
import { AppError } from "../../../src/core/errors";
import { HubTestsTab } from "../../../src/ui/features/hub/tests/HubTestsTab";
import { renderPanel } from "../../support/renderPanel";
import { retrieval } from "../../support/retrieval";
import { hubWithSounds, joinedMember } from "../../support/sampleHubs";
import { testServices, type FakeWorkers, type TestServices } from "../../support/services";

let services: TestServices;
afterEach(() => {
  cleanup();
  services?.close();
});

const chance = { "1": 0.01, "10": 0.1 };
const at = (value: number) => retrieval(value).imageToText;
const { hub, members } = hubWithSounds("p");
const sensor = joinedMember(
  { hubId: "h1", projectId: "p", modality: "sensor" },
  { id: "imu", name: "Walking" },
);

async function open(fakes: NonNullable<FakeWorkers["hub"]>, who = members) {
  services = await testServices({ hub: fakes });
  renderPanel(<HubTestsTab hub={hub} members={who} />, { services });
  return (name: string) => within(screen.getByRole("region", { name }));
}

it("asks with every combination and shows which parts were there, beside chance", async () => {
  const asked: MissingRequest[] = [];
  const section = await open({
    missing: async (request) => {
      asked.push(request);
      const rows = [["text"], ["sounds"], ["text", "sounds"]].map((present, i) => ({
        ...{ present, result: at(0.5 + i / 10) },
      }));
      return { target: request.target, queries: 42, chance, rows };
    },
  });
  const missing = section("Missing modalities");
  fireEvent.click(missing.getByRole("button", { name: "Measure 3 combinations" }));
  const table = within(await missing.findByRole("table"));
  expect(asked).toEqual([{ hubId: "h1", sources: ["text", "sounds"], target: "image" }]);
  const rows = table.getAllByRole("row").map(({ textContent }) => textContent);
  expect(rows).toHaveLength(5);
  expect(rows[1]).toMatch(/^✓with–without25\.0 % ± 5\.0.*50\.0 %/);
  expect(rows.at(-1)).toBe("chance1.0 %10.0 %");
  expect(table.getByText(/42 held-out queries in a gallery of 60/)).toBeTruthy();
  fireEvent.click(missing.getByLabelText("Sounds"));
  fireEvent.click(missing.getByRole("button", { name: "Measure 1 combination" }));
  await waitFor(() => expect(asked.at(-1)?.sources).toEqual(["text"]));
});

it("never asks a member for itself, and nothing without a source", async () => {
  const section = await open({});
  const missing = section("Missing modalities");
  fireEvent.change(missing.getByLabelText("Find"), { target: { value: "sounds" } });
  expect(missing.queryByLabelText("Sounds")).toBeNull();
  for (const name of ["Images", "Captions"]) fireEvent.click(missing.getByLabelText(name));
  const button = missing.getByRole<HTMLButtonElement>("button", { name: /^Measure/ });
  expect(button.disabled).toBe(true);
});

it("says why a test could not be made", async () => {
  const section = await open({
    missing: async () => {
      throw new AppError("data/too-few", "no held-out caption has both");
    },
  });
  const missing = section("Missing modalities");
  fireEvent.click(missing.getByRole("button", { name: /^Measure/ }));
  expect((await missing.findByRole("alert")).textContent).toContain("no held-out caption has both");
});

it("makes the chosen part worse in the chosen way and draws it beside the level without it", async () => {
  const asked: DegradeRequest[] = [];
  const section = await open({
    degrade: async (request) => {
      asked.push(request);
      const points = [0, 0.5, 1].map((amount) => ({ amount, result: at(0.8 - amount / 2) }));
      return { points, without: at(0.6), chance };
    },
  });
  const degrade = section("Degradation");
  fireEvent.change(degrade.getByLabelText("Made worse"), { target: { value: "text" } });
  fireEvent.change(degrade.getByLabelText("How"), { target: { value: "swap" } });
  fireEvent.click(degrade.getByRole("button", { name: "Measure the degradation" }));
  await degrade.findByRole("img", {
    name: /from 80\.0 % to 30\.0 %.*without Captions it is 60\.0 %/,
  });
  expect(asked[0]).toMatchObject({ worsened: "text", how: "swap", sources: ["text", "sounds"] });
});

it("offers a lag scan only where a member is a recording over time, also of raw embeddings", async () => {
  const asked: LagRequest[] = [];
  const lagScan: NonNullable<FakeWorkers["hub"]>["lagScan"] = async (request) => {
    asked.push(request);
    const points = Array.from({ length: 11 }, (_, i) => ({ lag: i - 5, score: i === 8 ? 0.4 : 0 }));
    const peak = { lag: 3, score: 0.4, low: 2, high: 4 };
    return { space: request.space ?? "shared", items: 90, points, peak, null95: 0.1 };
  };
  await open({ lagScan });
  expect(screen.queryByRole("region", { name: "Lag scan" })).toBeNull();
  cleanup();
  services.close();
  const section = await open({ lagScan }, [...members, sensor]);
  const lag = section("Lag scan");
  fireEvent.change(lag.getByLabelText("Against"), { target: { value: "sounds" } });
  fireEvent.click(lag.getByRole("button", { name: "Scan the offsets" }));
  await lag.findByText("Peak at +3 windows (+2 to +4), above what unrelated streams give.");
  expect(asked[0]).toMatchObject({ from: "imu", to: "sounds", space: "shared", most: 20 });
  fireEvent.change(lag.getByLabelText("Compared in"), { target: { value: "raw" } });
  fireEvent.change(lag.getByLabelText("Largest offset"), { target: { value: "40" } });
  fireEvent.click(lag.getByRole("button", { name: "Scan the offsets" }));
  await waitFor(() => expect(asked).toHaveLength(2));
  expect(asked[1]).toMatchObject({
    hubId: null,
    from: { projectId: "p", modality: "sensor", encoderKey: "audio-key" },
    ...{ space: "raw", most: 40 },
  });
});

it("says what is missing where only one member has items", async () => {
  await open({}, members.slice(0, 1));
  expect(screen.getByText(/need two members with\s+items/)).toBeTruthy();
});
