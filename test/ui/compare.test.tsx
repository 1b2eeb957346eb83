// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import type { Comparison } from "../../src/core/domain/comparison";
import { AppError } from "../../src/core/errors";
import type { SelectContract } from "../../src/rpc/selectContract";
import { EncodePanel } from "../../src/ui/features/encode/EncodePanel";
import { comparisonMs, sampleMs } from "../../src/ui/features/encode/selectionTime";
import { ENCODERS } from "../../src/core/catalogue/encoders";
import { aComparison, aProbeReport, similarity } from "../support/comparisons";
import { projectWithPairs } from "../support/projects";
import { renderPanel } from "../support/renderPanel";
import { testServices, type FakeWorkers, type TestServices } from "../support/services";

let services: TestServices;
afterEach(() => {
  cleanup();
  services.close();
});

interface Asked {
  compare?: SelectContract["compare"]["params"];
  probe?: SelectContract["probe"]["params"];
}

async function open({
  result = {},
  canEdit = true,
  select = {},
}: { result?: Partial<Comparison>; canEdit?: boolean; select?: FakeWorkers["select"] } = {}) {
  const asked: Asked = {};
  services = await testServices({
    encode: {
      countEncoded: async () => ({ encoded: 20, total: 20, encoderKey: "k" }),
      encodeSample: async () => ({ sets: [], encoded: 0, failed: [] }),
    },
    select: {
      sample: async () => ({ pairs: 20, available: 20, digests: { image: [], text: [] } }),
      compare: async (params) => {
        asked.compare = params;
        return aComparison(params.projectId, result);
      },
      probe: async (params) => {
        asked.probe = params;
        return aProbeReport(params.projectId);
      },
      ...select,
    },
  });
  const { id } = await projectWithPairs(services, 20);
  const show = () => renderPanel(<EncodePanel />, { services, projectId: id, canEdit });
  show();
  return { id, asked, show };
}

const compare = async () =>
  fireEvent.click(await screen.findByRole("button", { name: /^Compare \d+ × \d+ embeddings/ }));
const map = () => screen.findByRole("region", { name: /kNN of image and text/ });

describe("comparing", () => {
  it("looks at every layer and pooling of the encoders that are here, at the size chosen", async () => {
    const { asked } = await open();
    expect(await screen.findByText("The chosen pair has not been compared yet.")).toBeDefined();
    fireEvent.change(screen.getAllByLabelText("Pairs")[0]!, { target: { value: "500" } });
    await compare();
    await map();
    expect(asked.compare?.settings.maxPairs).toBe(500);
    expect(asked.compare?.choices.image.map(({ layer }) => layer)).toEqual([
      ...["stage3", "stage4", "stage5", "stage6", "stage7"],
      null,
    ]);
    expect(asked.compare?.choices.text.length).toBe(8);
  });

  it("shows the chosen pair against its null, and the best pair first", async () => {
    await open();
    await compare();
    const table = within(await screen.findByRole("region", { name: "Ranked pairs" }));
    const rows = table.getAllByRole("row").slice(1);
    expect(rows[0]!.textContent).toMatch(/^EfficientNet-Lite0all-MiniLM-L6-v20\.194/);
    expect(rows[0]!.textContent).toContain("chosen");
    expect(screen.getByText(/The chosen pair, EfficientNet-Lite0 with/).textContent).toContain(
      "0.194 (shuffled 0.010)",
    );
  });

  it("spells out the cell in focus, and the arrow keys walk", async () => {
    await open();
    await compare();
    const cells = within(await map()).getAllByRole("button");
    expect(cells.map((cell) => cell.tabIndex)).toEqual([-1, -1, -1, 0]);
    fireEvent.keyDown(cells[3]!, { key: "ArrowUp" });
    expect(document.activeElement).toBe(cells[1]);
    const detail = screen
      .getByText("EfficientNet-Lite0 · stage 7 with all-MiniLM-L6-v2")
      .closest("p")!.textContent;
    expect(detail).toContain("mutual kNN 0.150");
    expect(detail).toContain("shuffled pairs give 0.010 on average");
    expect(detail).toContain("p = 0.005, as the best of 4 p = 0.005");
    fireEvent.keyDown(cells[1]!, { key: "ArrowUp" }); // at the edge already
    expect(document.activeElement).toBe(cells[1]);
  });

  it("ranks by the measure chosen", async () => {
    await open();
    await compare();
    await map();
    fireEvent.click(screen.getByRole("radio", { name: "unbiased CKA" }));
    const table = within(screen.getByRole("region", { name: "Ranked pairs" }));
    expect(table.getAllByRole("row")[1]!.textContent).toContain("stage 7");
  });

  it("makes a pair the one to align with one click", async () => {
    const { id } = await open();
    await compare();
    const use = "Use EfficientNet-Lite0 · stage 7 with all-MiniLM-L6-v2";
    fireEvent.click(await screen.findByRole("button", { name: use }));
    expect(await screen.findByText(/The chosen pair, EfficientNet-Lite0 · stage 7/)).toBeDefined();
    const { encoders } = await services.stores.projects.get(id);
    expect(encoders.image).toMatchObject({ id: "efficientnet-lite0", layer: "stage7" });
  });

  it("explains the bias with this sample's numbers", async () => {
    await open();
    await compare();
    const bias = (await screen.findByText(/Why unbiased/)).textContent;
    expect(bias).toContain("would say 0.310");
    expect(bias).toContain("980 pairs and 42 and 42 effective dimensions");
    expect(bias).toContain("unrelated embeddings score 0.041");
  });

  it("is still there after a reload", async () => {
    const { show } = await open();
    await compare();
    await map();
    cleanup();
    show();
    expect(await map()).toBeDefined();
  });

  it("says so when the data has changed since", async () => {
    await open({ result: { dataDigest: "before" } });
    await compare();
    expect((await screen.findByRole("note")).textContent).toContain("before the data changed");
  });

  it("shows n/a for a set that does not vary, last in the ranking", async () => {
    const cells = aComparison("p").cells.map((cell, at) =>
      at === 3 ? { ...cell, mutualKnn: similarity(NaN, NaN), cka: similarity(NaN, NaN) } : cell,
    );
    await open({ result: { cells } });
    await compare();
    const table = within(await screen.findByRole("region", { name: "Ranked pairs" }));
    expect(table.getAllByRole("row").at(-1)!.textContent).toContain("n/a");
  });

  it("lists embeddings that were left out, with the cause", async () => {
    const leftOut = [{ name: "Own model", reason: "20 of 40 images are not encoded" }];
    await open({ result: { leftOut } });
    await compare();
    expect((await screen.findByText(/Own model/)).textContent).toContain("20 of 40 images");
  });

  it("shows why it failed", async () => {
    await open({
      select: { compare: () => Promise.reject(new AppError("data/too-few", "7 pairs")) },
    });
    await compare();
    expect((await screen.findByRole("alert")).textContent).toContain("7 pairs");
  });

  it("changes nothing while another tab has the project", async () => {
    await open({ canEdit: false });
    const button = await screen.findByRole<HTMLButtonElement>("button", { name: /^Compare/ });
    expect(button.disabled).toBe(true);
  });

  it("needs an encoder on both sides", async () => {
    await open();
    const [tick] = await screen.findAllByRole("checkbox", { name: /EfficientNet-Lite0/ });
    fireEvent.click(tick!);
    const button = screen.getByRole<HTMLButtonElement>("button", { name: /^Compare 0/ });
    expect(button.disabled).toBe(true);
  });
});

describe("probing", () => {
  it("reads the label chosen and shows interval, chance and control", async () => {
    const { asked } = await open();
    fireEvent.click(await screen.findByRole("button", { name: /^Probe \d+ embeddings/ }));
    const report = within(await screen.findByRole("region", { name: "Probe report" }));
    expect(asked.probe).toMatchObject({ label: "category", maxPairs: 1_000 });
    const row = report.getByRole("row", { name: /EfficientNet-Lite0/ }).textContent;
    expect(row).toContain("60.0 % ± 2.0");
    expect(row).toContain("20.0 % ± 2.0");
    expect(report.getByText(/always naming the most frequent gives 25.0 %/)).toBeDefined();
    expect(screen.getByText(/3 pairs without a label left out/)).toBeDefined();
  });

  it("is said to be another act than aligning", async () => {
    await open();
    expect(await screen.findByText(/joining two embeddings is the step Align/)).toBeDefined();
  });
});

it("expects more time for more pairs and wider embeddings", () => {
  const [image, text] = ["image", "text"].map((modality) =>
    ENCODERS.filter((encoder) => encoder.modality === modality).slice(0, 1),
  );
  const encoders = { image: image!, text: text! };
  expect(comparisonMs(5_000, encoders)).toBeGreaterThan(5 * comparisonMs(1_000, encoders));
  expect(comparisonMs(1_000, { image: [], text: [] })).toBe(0);
  expect(sampleMs(1_000, image!)).toBe(1_000 * image![0]!.wasmMsPerItem);
});
