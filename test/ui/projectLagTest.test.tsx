// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import type { LagRequest } from "../../src/core/domain/hubQuery";
import type { Project } from "../../src/core/domain/project";
import { ProjectLagTest } from "../../src/ui/components/lag/ProjectLagTest";
import { projectWithPairs } from "../support/projects";
import { renderPanel } from "../support/renderPanel";
import { testServices, type FakeWorkers, type TestServices } from "../support/services";

let services: TestServices;
afterEach(() => {
  cleanup();
  services?.close();
});

const SENSORS = { id: "kernels", pooling: "mean", layer: null } as const;

async function recordings(name: string): Promise<Project> {
  const { id, data, encoders } = await projectWithPairs(services, 12);
  if (!data) throw new Error("no data");
  const report = { ...data.report, items: { image: 0, text: 4, audio: 0, sensor: 12 } };
  return services.projects.update(id, {
    ...{ name, encoders: { ...encoders, sensor: SENSORS } },
    data: { ...data, media: "sensor", report },
  });
}

async function start(fakes: FakeWorkers) {
  services = await testServices(fakes);
  const project = await recordings("Walk");
  await recordings("Second watch");
  renderPanel(<ProjectLagTest />, { services, projectId: project.id });
  return project;
}

it("compares a project's windows with its captions and with other projects' before a hub exists", async () => {
  const asked: LagRequest[] = [];
  const project = await start({
    encode: {
      countEncoded: async ({ modality }) => ({ encoded: 12, total: 12, encoderKey: modality }),
    },
    hub: {
      lagScan: async (request) => {
        asked.push(request);
        return {
          ...{ space: "raw", items: 90, null95: 0.1, shares: [0.93, 0.7], moments: 1_200_000 },
          points: [-1, 0, 1].map((lag) => ({ lag, score: lag === 1 ? 0.4 : 0 })),
          peak: { lag: 1, score: 0.4, low: 1, high: 1 },
        };
      },
    },
  });
  await screen.findByRole("option", { name: "12 captions of Walk" });
  expect(screen.queryByLabelText("Compared in")).toBeNull(); // there is no shared space yet
  const options = screen.getAllByRole("option").map(({ textContent }) => textContent);
  expect(options).toEqual([
    "12 windows of Walk",
    "12 captions of Walk",
    "12 windows of Second watch",
  ]);
  fireEvent.click(screen.getByRole("button", { name: "Scan the offsets" }));
  await screen.findByText(/^Peak at \+1 window, above what unrelated streams give/);
  await waitFor(() => expect(asked).toHaveLength(1));
  expect(asked[0]).toMatchObject({
    ...{ hubId: null, space: "raw", most: 20 },
    from: { projectId: project.id, modality: "sensor", encoderKey: "sensor" },
    to: { projectId: project.id, modality: "text", encoderKey: "text" },
  });
  expect(screen.getByText(/middle of 1,200,000 moments/).textContent).toContain("93 % and 70 %");
});

it("says what it takes where nothing is encoded", async () => {
  await start({
    encode: {
      countEncoded: async ({ modality }) => ({ encoded: 0, total: 12, encoderKey: modality }),
    },
  });
  await screen.findByText(/Once these are\s+encoded/);
  expect(screen.queryByRole("button")).toBeNull();
});
