// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { HUB_AUDIO_ENCODERS } from "../../src/core/catalogue/hubAudioEncoders";
import type { Modality } from "../../src/core/domain/modality";
import { AppError } from "../../src/core/errors";
import { EncodePanel } from "../../src/ui/features/encode/EncodePanel";
import { projectWithPairs } from "../support/projects";
import { renderPanel } from "../support/renderPanel";
import { testServices, type FakeWorkers, type TestServices } from "../support/services";

const TOTAL = 20;
const SUMMARY = {
  encoderKey: "k",
  items: TOTAL,
  device: "wasm" as const,
  threads: 1,
  adapter: null,
  elapsedMs: 900,
  parityCosine: 0.99999,
};

/** Encodes a few items per tick and remembers them, as the real worker does over its store. */
function fakeEncoder(stopAt = TOTAL) {
  const encoded: Record<Modality, number> = { image: 0, text: 0, audio: 0, sensor: 0 };
  const worker: FakeWorkers["encode"] = {
    countEncoded: async ({ modality }) => ({
      encoded: encoded[modality],
      total: TOTAL,
      encoderKey: "k",
    }),
    encodeItems: async ({ modality }, { signal, report }) => {
      const before = encoded[modality];
      while (encoded[modality] < TOTAL) {
        if (signal.aborted) throw new AppError("cancelled");
        encoded[modality] = Math.max(encoded[modality], Math.min(stopAt, encoded[modality] + 4));
        report({ stage: "encode", done: encoded[modality], total: TOTAL, unit: "items" });
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return { ...SUMMARY, encoded: encoded[modality] - before, failed: [] };
    },
  };
  return { worker, encoded, resume: () => (stopAt = TOTAL) };
}

let services: TestServices;
afterEach(() => {
  cleanup();
  services.close();
});

async function open(encode: FakeWorkers["encode"], canEdit = true) {
  services = await testServices(encode ? { encode } : {});
  const { id } = await projectWithPairs(services, TOTAL);
  renderPanel(<EncodePanel />, { services, projectId: id, canEdit });
  return within(await screen.findByRole("region", { name: "images" }));
}

it("encodes both sides and then leads on to Align", async () => {
  const images = await open(fakeEncoder().worker);
  await images.findByRole("button", { name: "Encode 20 images" });
  fireEvent.click(screen.getByRole("button", { name: "Encode both" }));
  expect(await screen.findByRole("link", { name: "Go on to Align" })).toBeDefined();
  expect(images.getByText(/cosine at least 0.99999/)).toBeDefined();
  expect(images.getByText(/on the CPU, 1 thread/)).toBeDefined();
});

it("pauses at n of N and goes on from there", async () => {
  const fake = fakeEncoder(7);
  const images = await open(fake.worker);
  fireEvent.click(await images.findByRole("button", { name: "Encode 20 images" }));
  await images.findByText(/^7 of 20 items/);
  fireEvent.click(images.getByRole("button", { name: "Pause" }));
  expect(await images.findByText("Paused at 7 of 20")).toBeDefined();
  fake.resume();
  fireEvent.click(images.getByRole("button", { name: "Resume" }));
  expect(await images.findByText(/13 items in/)).toBeDefined();
});

it("goes back to the plain button after Cancel, with what is encoded kept", async () => {
  const images = await open(fakeEncoder(7).worker);
  fireEvent.click(await images.findByRole("button", { name: "Encode 20 images" }));
  await images.findByText(/^7 of 20 items/);
  fireEvent.click(images.getByRole("button", { name: "Cancel" }));
  expect(await images.findByRole("button", { name: "Encode the other 13 images" })).toBeDefined();
  expect(images.queryByText(/Paused/)).toBeNull();
});

it("lists items that could not be encoded, with the cause", async () => {
  const { worker } = fakeEncoder();
  const failed = [{ digest: "x", source: "images/3.png", reason: "the picture is broken" }];
  const images = await open({
    ...worker,
    encodeItems: async () => ({ ...SUMMARY, encoded: 19, failed }),
  });
  fireEvent.click(await images.findByRole("button", { name: "Encode 20 images" }));
  expect(await images.findByText("1 item could not be encoded")).toBeDefined();
  expect(images.getByText("images/3.png").closest("li")?.textContent).toContain("is broken");
});

it("names items that were encoded with a doubt, with the reason", async () => {
  const { worker } = fakeEncoder();
  const flagged = [{ digest: "x", source: "clips/3.ogg", reason: "it is silent" }];
  const images = await open({
    ...worker,
    encodeItems: async () => ({ ...SUMMARY, encoded: 20, failed: [], flagged }),
  });
  fireEvent.click(await images.findByRole("button", { name: "Encode 20 images" }));
  expect(await images.findByText("1 item encoded, with a doubt")).toBeDefined();
  expect(images.getByText("clips/3.ogg").closest("li")?.textContent).toContain("is silent");
});

it("shows why encoding failed", async () => {
  const { worker } = fakeEncoder();
  const images = await open({
    ...worker,
    encodeItems: () => Promise.reject(new AppError("encoder/self-check", "cosine 0.91")),
  });
  fireEvent.click(await images.findByRole("button", { name: "Encode 20 images" }));
  expect((await images.findByRole("alert")).textContent).toContain("cosine 0.91");
});

it("changes nothing while another tab has the project", async () => {
  const images = await open(fakeEncoder().worker, false);
  const start = await images.findByRole<HTMLButtonElement>("button", { name: "Encode 20 images" });
  expect(start.disabled).toBe(true);
});

const MEASURED = {
  device: "wasm" as const,
  threads: 1,
  adapter: null,
  trials: [
    { batchSize: 8, msPerItem: 300 },
    { batchSize: 16, msPerItem: 200 },
  ],
};

it("says that the time is not measured, measures on demand, and keeps the figures", async () => {
  const measure = async () => MEASURED;
  const images = await open({ ...fakeEncoder().worker, measure });
  expect(await images.findByText(/^20 images: not measured on this device/)).toBeDefined();
  fireEvent.click(images.getByRole("button", { name: "Measure" }));
  await images.findByText(
    "20 images: about 4.0 s on this device (WebAssembly, batch 16, 1 thread).",
  );
  fireEvent.click(images.getByText("2 settings measured"));
  expect(images.getByText("WebAssembly, batch 8, 1 thread: 3.3 images/s")).toBeDefined();
  expect(images.getByRole("button", { name: "Measure again" })).toBeDefined();
});

it("shows why a measurement failed, in place", async () => {
  const measure = () => Promise.reject(new AppError("encoder/missing", "404"));
  const images = await open({ ...fakeEncoder().worker, measure });
  fireEvent.click(await images.findByRole("button", { name: "Measure" }));
  expect((await images.findByRole("alert")).textContent).toContain("404");
});

it("says where it ran and why", async () => {
  const deviceReason = "CPU · WebAssembly: WebGPU found no adapter";
  const images = await open({
    ...fakeEncoder().worker,
    encodeItems: async () => ({ ...SUMMARY, deviceReason, encoded: 20, failed: [] }),
  });
  fireEvent.click(await images.findByRole("button", { name: "Encode 20 images" }));
  expect(
    await images.findByText(/Device: CPU · WebAssembly: WebGPU found no adapter\./),
  ).toBeDefined();
});

it("encodes sounds beside their captions and leads on to the hub; nothing is compared", async () => {
  const { worker, encoded } = fakeEncoder();
  services = await testServices(worker ? { encode: worker } : {});
  const project = await projectWithPairs(services, 20);
  const report = { ...project.data!.report, items: { image: 0, text: 20, audio: 20, sensor: 0 } };
  const data = { ...project.data!, media: "audio" as const, report };
  const audio = { id: HUB_AUDIO_ENCODERS[0]!.id, pooling: "mean", layer: null } as const;
  await services.projects.update(project.id, { data, encoders: { ...project.encoders, audio } });
  renderPanel(<EncodePanel />, { services, projectId: project.id });
  const sounds = within(await screen.findByRole("region", { name: "sounds" }));
  fireEvent.click(await sounds.findByRole("button", { name: "Encode 20 sounds" }));
  await waitFor(() => expect(encoded.audio).toBe(20));
  fireEvent.click(await screen.findByRole("button", { name: "Encode both" }));
  const link = await screen.findByRole("link", { name: "Go on to Hub" });
  expect(link.getAttribute("href")).toContain("/hub");
  expect(screen.queryByText(/Compare/)).toBeNull();
});

it("asks for an encoder of the channels before windows are encoded", async () => {
  services = await testServices({
    encode: { countEncoded: async () => ({ encoded: 20, total: 20, encoderKey: "k" }) },
  });
  const project = await projectWithPairs(services, 20);
  const report = { ...project.data!.report, items: { image: 0, text: 20, audio: 0, sensor: 20 } };
  const data = { ...project.data!, media: "sensor" as const, report };
  await services.projects.update(project.id, { data });
  renderPanel(<EncodePanel />, { services, projectId: project.id });
  const windows = within(await screen.findByRole("region", { name: "windows" }));
  await windows.findByRole("button", { name: "Make an encoder for these channels" });
  expect(windows.queryByRole("button", { name: /^Encode/ })).toBeNull();
});
