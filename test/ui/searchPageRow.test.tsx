// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { SearchPageOptions } from "../../src/core/domain/searchPage";
import { AppError } from "../../src/core/errors";
import * as saving from "../../src/ui/components/saveFile";
import { SearchPageRow } from "../../src/ui/features/takeAway/SearchPageRow";
import { projectWithPairs } from "../support/projects";
import { renderPanel } from "../support/renderPanel";
import { sampleRun } from "../support/samples";
import { testServices, type TestServices } from "../support/services";
import { eventually } from "../support/eventually";

let services: TestServices;
let sized: SearchPageOptions[];
let exported: SearchPageOptions[];
let failure: AppError | undefined;

beforeEach(() => {
  sized = [];
  exported = [];
  failure = undefined;
});
afterEach(() => {
  cleanup();
  services?.close();
  vi.restoreAllMocks();
});

async function open() {
  services = await testServices({
    exporter: {
      sizeSearchPage: async ({ projectId: _p, runId: _r, ...options }) => {
        sized.push(options);
        if (failure) throw failure;
        return { items: 721, withoutPicture: 3, sizeBytes: 34e6, encoderBytes: 33e6 };
      },
      exportSearchPage: async ({ projectId: _p, runId: _r, ...options }) => {
        exported.push(options);
        return { name: "museum-search.zip", blob: new Blob(["zip"]) };
      },
    },
  });
  const project = await projectWithPairs(services, 2);
  const pairs = await services.stores.datasets.pairs(project.id);
  await services.stores.datasets.applyEdit(project, {
    pairs: new Map([[0, { ...pairs[0]!, tags: ["pets"] }]]),
    captions: [],
  });
  renderPanel(<SearchPageRow project={project} run={sampleRun("r1", project.id)} />, {
    services,
    projectId: project.id,
  });
}

it("says before it is made how large the page gets, for every choice", async () => {
  await open();
  await screen.findByText("about 34 MB");
  await screen.findByText(
    "721 pictures · 3 items by caption only · text encoder and its runtime 33 MB",
  );
  fireEvent.click(screen.getByRole("checkbox", { name: "Training" }));
  fireEvent.click(await screen.findByRole("checkbox", { name: "pets" }));
  fireEvent.click(screen.getByRole("checkbox", { name: /^Originals/ }));
  await eventually(() =>
    expect(sized.at(-1)).toEqual({
      splits: ["validation", "test"],
      tags: ["pets"],
      originals: true,
    }),
  );
});

it("saves the zip of what is chosen", async () => {
  const save = vi.spyOn(saving, "saveFile").mockReturnValue();
  await open();
  await screen.findByText("about 34 MB");
  fireEvent.click(screen.getByRole("button", { name: "Download search page" }));
  await eventually(() => expect(save).toHaveBeenCalledWith("museum-search.zip", expect.anything()));
  expect(exported).toEqual([
    { splits: ["train", "validation", "test"], tags: [], originals: false },
  ]);
});

it("explains why there can be no page, and offers none", async () => {
  failure = new AppError("encoder/vectors-only", "text vectors");
  await open();
  const note = await screen.findByRole("alert");
  expect(note.textContent).toContain("came without a network");
  const button = screen.getByRole("button", { name: "Download search page" });
  expect((button as HTMLButtonElement).disabled).toBe(true);
});
