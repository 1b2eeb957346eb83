// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { defaultChoice, type EncoderSpec } from "../../src/core/domain/encoder";
import { ownEncoder, type ModelInspection, type OutputOffer } from "../../src/core/domain/ownModel";
import { AppError } from "../../src/core/errors";
import { OwnModel } from "../../src/ui/components/ownModel/OwnModel";
import { projectWithPairs } from "../support/projects";
import { renderPanel } from "../support/renderPanel";
import { testServices, type FakeWorkers, type TestServices } from "../support/services";

const INSPECTION: ModelInspection = {
  modality: "text",
  sizeBytes: 90_000_000,
  ...{ producer: "pytorch", opset: 17, nodes: 423 },
  inputs: [{ name: "input_ids", type: "int64", shape: ["batch", "sequence"] }],
  outputs: [{ name: "last_hidden_state", type: "float32", shape: ["batch", "sequence", 384] }],
  preprocessing: { kind: "text", maxTokens: 512 },
  reasons: ["No file says how many tokens a text may have: at most 512 are assumed."],
  isCertain: false,
  ignored: ["readme.md"],
};
const OFFERS: OutputOffer[] = [
  {
    name: "hidden",
    dims: [1, 8, 384],
    kind: "tokens",
    reason: "",
    width: 384,
    hasCls: true,
    channelsFirst: false,
  },
  {
    name: "vector",
    dims: [1, 64],
    kind: "pooled",
    reason: "",
    width: 64,
    hasCls: false,
    channelsFirst: false,
  },
  {
    name: "ids",
    dims: [8],
    kind: null,
    reason: "it holds no vector",
    width: 0,
    hasCls: false,
    channelsFirst: false,
  },
];

let services: TestServices;
afterEach(() => {
  cleanup();
  services.close();
});

async function open(change: FakeWorkers["ownModel"] = {}) {
  const asked: { method: string; params: unknown }[] = [];
  const note = (method: string, params: unknown) => asked.push({ method, params });
  services = await testServices({
    ownModel: {
      inspect: async (params) => (note("inspect", params), INSPECTION),
      probe: async (params) => (note("probe", params), OFFERS),
      check: async (params) => {
        note("check", params);
        const findings = [
          { name: "Shape", passed: true, detail: "2 items give [2, 384]" },
          { name: "WebGPU gives what the CPU gives", passed: null, detail: "no WebGPU here" },
        ];
        return { passed: true, findings, wasmMsPerItem: 9, parity: "{}" };
      },
      save: async ({ draft }) => {
        const spec = ownEncoder(draft, { id: "own-1", files: [], wasmMsPerItem: 9 });
        await services.stores.encoders.put(spec);
        return spec;
      },
      ...change,
    },
  });
  const project = await projectWithPairs(services, 3);
  const { id } = project;
  const choose = async (encoder: EncoderSpec) => {
    const encoders = { ...project.encoders, text: defaultChoice(encoder) };
    await services.projects.update(id, { encoders });
  };
  renderPanel(<OwnModel {...{ modality: "text", project }} locked={false} onAdded={choose} />, {
    services,
    projectId: id,
  });
  fireEvent.click(await screen.findByRole("button", { name: "Use your own ONNX file" }));
  return { asked, projectId: id };
}

const drop = (...names: string[]) =>
  fireEvent.change(screen.getByTestId("own-model-files"), {
    target: { files: names.map((name) => new File(["x"], name)) },
  });
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));

it("leads from a file to a chosen encoder, one step after the other", async () => {
  const { asked, projectId } = await open();
  expect(screen.getByText(/code for the runtime/)).toBeDefined();
  drop("mini.onnx", "tokenizer.json", "readme.md");
  const most = await screen.findByRole<HTMLInputElement>("spinbutton", {
    name: "Tokens at most",
  });
  expect(screen.getByText(/at most 512 are assumed/)).toBeDefined();
  expect(screen.getByText("readme.md")).toBeDefined();
  fireEvent.change(most, { target: { value: "128" } });
  fireEvent.change(screen.getByRole("textbox", { name: "Put before every text" }), {
    target: { value: "query: " },
  });
  press("Run it on one item");

  const hidden = await screen.findByRole<HTMLInputElement>("radio", { name: /^hidden/ });
  expect(hidden.checked).toBe(true);
  expect(screen.getByRole<HTMLInputElement>("radio", { name: /^ids/ }).disabled).toBe(true);
  fireEvent.change(screen.getByRole("combobox", { name: "Pooling" }), {
    target: { value: "last" },
  });
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Name" }).value).toBe("mini");
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Licence" }).value).toBe(
    "not stated",
  );
  press("Check it");

  const row = (await screen.findByRole("rowheader", { name: /WebGPU/ })).closest("tr")!;
  expect(within(row).getByText("not tried")).toBeDefined();
  press("Add this encoder");
  await expect
    .poll(async () => (await services.stores.projects.get(projectId)).encoders.text)
    .toEqual({ id: "own-1", pooling: "last", layer: null });
  expect(services.encoders.byId("own-1")).toMatchObject({ name: "mini", origin: "file" });
  expect(asked.at(-1)?.params).toMatchObject({
    draft: { pooling: "last", preprocessing: { maxTokens: 128, prefix: "query: " } },
  });
});

it("shows what is wrong with a file in place, and takes another", async () => {
  let isBad = true;
  await open({
    inspect: async () => {
      if (isBad) throw new AppError("encoder/unsupported", "mini.onnx is a web page");
      return INSPECTION;
    },
  });
  drop("mini.onnx");
  expect((await screen.findByRole("alert")).textContent).toContain("mini.onnx is a web page");
  isBad = false;
  drop("mini.onnx");
  expect(await screen.findByRole("button", { name: "Run it on one item" })).toBeDefined();
  expect(screen.queryByRole("alert")).toBeNull();
});

it("adds files up over several drops, so that a forgotten one can follow", async () => {
  const { asked } = await open({
    inspect: async ({ files }) => {
      if (files.length > 1) return INSPECTION;
      throw new AppError("encoder/unsupported", "drop its tokenizer.json too");
    },
  });
  drop("mini.onnx");
  await screen.findByRole("alert");
  drop("tokenizer.json");
  expect(await screen.findByRole("button", { name: "Run it on one item" })).toBeDefined();
  expect(asked).toEqual([]);
});

it("does not add an encoder that failed its check", async () => {
  await open({
    check: async () => ({
      passed: false,
      findings: [{ name: "Finite numbers", passed: false, detail: "4 of 8 are NaN" }],
      wasmMsPerItem: 0,
      parity: "",
    }),
  });
  drop("mini.onnx");
  fireEvent.click(await screen.findByRole("button", { name: "Run it on one item" }));
  fireEvent.click(await screen.findByRole("button", { name: "Check it" }));
  await screen.findByText("4 of 8 are NaN");
  const add = screen.getByRole<HTMLButtonElement>("button", { name: "Add this encoder" });
  expect(add.disabled).toBe(true);
  press("Back");
  expect(screen.getByRole("button", { name: "Check it" })).toBeDefined();
});

it("stops waiting for a model that does not answer", async () => {
  await open({ inspect: () => new Promise(() => {}) });
  drop("mini.onnx");
  expect((await screen.findByText(/Opening the model/)).getAttribute("role")).toBe("status");
  press("Stop");
  await expect.poll(() => screen.queryByRole("button", { name: "Stop" })).toBeNull();
  expect(screen.queryByRole("alert")).toBeNull();
});

it("lets a wrong file be removed, and goes back and forth", async () => {
  await open({
    inspect: async ({ files }) => {
      if (files.length === 1) return INSPECTION;
      throw new AppError("encoder/unsupported", "2 files end in .onnx; drop one");
    },
  });
  drop("a.onnx", "b.onnx");
  await screen.findByRole("alert");
  press("Remove b.onnx");
  await screen.findByRole("button", { name: "Run it on one item" });
  press("Back");
  expect(screen.queryByRole("alert")).toBeNull();
  press("Go on with these files");
  expect(screen.getByRole("button", { name: "Run it on one item" })).toBeDefined();
  press("Back");
  press("Remove a.onnx");
  expect(screen.queryByRole("list", { name: "Files" })).toBeNull();
});
