// @vitest-environment jsdom
import { Blob as NodeBlob } from "node:buffer";
import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import type { AudioPreprocessing } from "../../src/core/domain/audioPreprocessing";
import {
  ownEncoder,
  type HeardSound,
  type ModelInspection,
  type OutputOffer,
} from "../../src/core/domain/ownModel";
import type { Project } from "../../src/core/domain/project";
import { AppError } from "../../src/core/errors";
import { OwnModel } from "../../src/ui/components/ownModel/OwnModel";
import { projectWithPairs } from "../support/projects";
import { renderPanel } from "../support/renderPanel";
import { testServices, type FakeWorkers, type TestServices } from "../support/services";

const SHAPE = ["batch", "frames", 64];
const PREPROCESSING: AudioPreprocessing = {
  ...{ kind: "audio", sampleRate: 16_000, input: "mel", axes: ["time", "bands"] },
  features: { kind: "log-mel", bands: 64, windowMs: 25, hopMs: 10, low: 60, high: 7600 },
};
const INSPECTION: ModelInspection = {
  ...{ modality: "audio", sizeBytes: 4_000_000, producer: "pytorch", opset: 17, nodes: 90 },
  inputs: [{ name: "mel", type: "float32", shape: SHAPE }],
  outputs: [{ name: "hidden", type: "float32", shape: ["batch", 512, "time"] }],
  preprocessing: PREPROCESSING,
  reasons: ["No file names the sample rate: 16 kHz is assumed."],
  ...{ isCertain: false, ignored: [] },
};
const OFFER: OutputOffer = {
  ...{ name: "hidden", dims: [1, 512, 49], kind: "tokens", reason: "", width: 512 },
  ...{ hasCls: false, channelsFirst: true },
};
const HEARD: HeardSound = {
  ...{ dims: [98, 64], seconds: 1.5, heardSeconds: 1, rate: 48_000, doubt: undefined },
  strip: { rows: 2, cols: 2, values: Float32Array.of(0, 1, 0, 1), lowest: -2.5, highest: 3 },
};

// jsdom draws nothing, and says so each time it is asked.
beforeAll(() => void vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null));

let services: TestServices;
afterEach(() => {
  cleanup();
  services.close();
});

async function projectWithSounds(): Promise<Project> {
  const project = await projectWithPairs(services, 2);
  const audio = [0, 1].map((i) => ({
    ...{ modality: "audio", digest: `sound-${i}`, source: `${i}.wav`, labels: {} },
  }));
  // Node's own: jsdom's cannot be cloned, as it is on its way to a worker.
  vi.spyOn(services.stores.datasets, "blob").mockImplementation(
    async (_project, digest) => new NodeBlob([digest]) as Blob,
  );
  const { data } = project;
  if (!data) throw new Error("no data");
  const items = { ...data.report.items, image: 0, audio: 2 };
  const next: Project = {
    ...project,
    data: { ...data, media: "audio", report: { ...data.report, items } },
  };
  const stored = { image: [], text: [], audio, sensor: [], pairs: [] };
  await services.stores.datasets.replaceData(
    next,
    stored as unknown as Parameters<typeof services.stores.datasets.replaceData>[1],
  );
  return next;
}

async function open(change: FakeWorkers["ownModel"] = {}) {
  const asked: { method: string; params: Record<string, unknown> }[] = [];
  const note = (method: string, params: object) =>
    asked.push({ method, params: params as Record<string, unknown> });
  services = await testServices({
    ownModel: {
      inspect: async (params) => (note("inspect", params), INSPECTION),
      hear: async (params) => (note("hear", params), HEARD),
      probe: async (params) => (note("probe", params), [OFFER]),
      check: async (params) => {
        note("check", params);
        return { passed: true, findings: [], wasmMsPerItem: 9, parity: "{}" };
      },
      save: async ({ draft }) => ownEncoder(draft, { id: "own-1", files: [], wasmMsPerItem: 9 }),
      ...change,
    },
  });
  const project = await projectWithSounds();
  const added: string[] = [];
  renderPanel(
    <OwnModel
      {...{ modality: "audio", project }}
      locked={false}
      onAdded={({ id }) => void added.push(id)}
    />,
    { services, projectId: project.id },
  );
  fireEvent.click(await screen.findByRole("button", { name: "Use your own ONNX file" }));
  fireEvent.change(screen.getByTestId("own-model-files"), {
    target: { files: [new File(["x"], "birds.onnx")] },
  });
  await screen.findByRole("button", { name: "Run it on one item" });
  const last = (method: string) => asked.filter((each) => each.method === method).at(-1)?.params;
  return { added, last };
}

const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const choose = (name: string, value: string) =>
  fireEvent.change(screen.getByRole("combobox", { name }), { target: { value } });

it("shows what the network hears of a sound of the project, in words too", async () => {
  const { last } = await open();
  expect(await screen.findByText("1.00 of 1.50 s")).toBeDefined();
  expect(screen.getByText("16,000 Hz, resampled from 48,000 Hz")).toBeDefined();
  expect(screen.getByText("[N, 98, 64]")).toBeDefined();
  expect(screen.getByText("-2.5 to 3")).toBeDefined();
  expect(screen.getByRole("img", { name: /as the network hears it: 2 bands/ })).toBeDefined();
  const first = await (last("hear")?.["sound"] as Blob).text();
  press("Next sound");
  expect(screen.getByText("Sound 2 of 2")).toBeDefined();
  await expect.poll(async () => (last("hear")?.["sound"] as Blob).text()).not.toBe(first);
});

it("says where the features do not fit the input, and what is wrong with a sound", async () => {
  await open({ hear: async () => ({ ...HEARD, dims: [64, 98], doubt: "it is silent" }) });
  expect(await screen.findByText("[N, 64, 98], but takes [batch, frames, 64]")).toBeDefined();
  expect(screen.getByText("it is silent")).toBeDefined();
  cleanup();
  services.close();
  await open({ hear: () => Promise.reject(new AppError("sound/too-short", "0.05 s")) });
  expect((await screen.findByRole("alert")).textContent).toContain("0.05 s");
});

it("changes features, and what goes with them, in one step", async () => {
  const { last } = await open();
  fireEvent.change(screen.getByRole("spinbutton", { name: "Sample rate in Hz" }), {
    target: { value: "" },
  });
  fireEvent.change(screen.getByRole("spinbutton", { name: "Sample rate in Hz" }), {
    target: { value: "32000" },
  });
  expect(
    screen.getByRole<HTMLInputElement>("spinbutton", { name: "Highest frequency in Hz" }).value,
  ).toBe("15200");
  choose("Length of clips", "one");
  choose("After a shorter clip", "repeat");
  choose("Of a longer clip", "middle");
  fireEvent.change(screen.getByRole("spinbutton", { name: "Length in ms" }), {
    target: { value: "2000" },
  });
  fireEvent.click(screen.getByRole("checkbox", { name: /mean 0 and variance 1/ }));
  await expect
    .poll(() => last("hear")?.["preprocessing"])
    .toEqual({
      ...{ ...PREPROCESSING, sampleRate: 32_000 },
      features: { ...PREPROCESSING.features, high: 15_200, standardise: false },
      length: { samples: 64_000, fill: "repeat", cut: "middle" },
    });
  choose("The network takes", "clap");
  expect(screen.queryByRole("spinbutton", { name: "Bands" })).toBeNull();
  expect(screen.queryByRole("combobox", { name: "Length of clips" })).toBeNull();
  await expect
    .poll(() => last("hear")?.["preprocessing"])
    .toMatchObject({ sampleRate: 48_000, features: { kind: "clap" } });
});

it("runs it on the sound that is shown, lets time be told from width, and adds it", async () => {
  const { added, last } = await open();
  press("Run it on one item");
  await screen.findByRole("radio", { name: /hidden.*moments, width 512/ });
  expect(last("probe")?.["sound"]).toBeDefined();
  choose("Axes of the output", "time-width");
  choose("Pooling", "cls");
  expect(screen.getByRole("option", { name: "first moment" })).toBeDefined();
  press("Check it");
  fireEvent.click(await screen.findByRole("button", { name: "Add this encoder" }));
  await expect.poll(() => added).toEqual(["own-1"]);
  expect(last("check")).toMatchObject({
    draft: { channelsFirst: false, width: 49, pooling: "cls", modality: "audio" },
  });
  expect(last("check")?.["sound"]).toBeDefined();
});
