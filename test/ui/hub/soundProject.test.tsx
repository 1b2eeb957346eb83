// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import type { Project } from "../../../src/core/domain/project";
import { JoiningNote } from "../../../src/ui/components/JoiningNote";
import { rememberJoining } from "../../../src/ui/components/joiningHub";
import { AlignPanel } from "../../../src/ui/features/align/AlignPanel";
import { HubPanel } from "../../../src/ui/features/hub/HubPanel";
import { QueryPanel } from "../../../src/ui/features/query/QueryPanel";
import { ProjectFrame } from "../../../src/ui/features/shell/ProjectFrame";
import { describeJob } from "../../../src/ui/features/shell/RunningJobs";
import { projectWithPairs } from "../../support/projects";
import { renderPanel } from "../../support/renderPanel";
import { joinedMember, sampleHub } from "../../support/sampleHubs";
import { testServices, type FakeWorkers, type TestServices } from "../../support/services";

let services: TestServices;
afterEach(() => {
  cleanup();
  services?.close();
});

/** A project of sounds and, if asked for, another project's hub. */
async function start(fakes: FakeWorkers = {}) {
  services = await testServices({
    encode: { countEncoded: async () => ({ encoded: 4, total: 12, encoderKey: "k" }) },
    ...fakes,
  });
  return withSounds(await projectWithPairs(services, 12));
}

function withSounds(project: Project): Promise<Project> {
  if (!project.data) throw new Error("no data");
  const report = { ...project.data.report, items: { image: 0, text: 12, audio: 12, sensor: 0 } };
  const data = { ...project.data, media: "audio" as const, report };
  return services.projects.update(project.id, { data });
}

it.each([
  ["Align", <AlignPanel key="a" />, "members"],
  ["Query", <QueryPanel key="q" />, "query"],
])(
  "%s of sounds leads to the hubs they can join, and to the one they have joined",
  async (_, panel, tab) => {
    const { id } = await start();
    await services.stores.hubs.put(sampleHub("elsewhere"));
    renderPanel(panel, { services, projectId: id });
    await screen.findByRole("heading", { name: "The sounds of this project join a hub" });
    const add = await screen.findByRole("link", { name: "Add to Museum hub" });
    expect(add.getAttribute("href")).toBe(`/p/${id}/hub/add/h1/${id}`);
    expect(screen.getByRole("link", { name: "Start from the text encoder alone" })).toBeTruthy();
    await services.stores.hubs.putMember(joinedMember({ hubId: "h1", projectId: id }));
    services.changes.publish("hubs");
    const open = await screen.findByRole("link", { name: "Open Museum hub" });
    expect(open.getAttribute("href")).toBe(`/p/${id}/hub/${tab}/h1`);
  },
);

it("says true things of sounds in the rail", async () => {
  const { id } = await start();
  await services.stores.hubs.put(sampleHub("elsewhere"));
  renderPanel(
    <ProjectFrame projectId={id} step="hub">
      <p>here</p>
    </ProjectFrame>,
    { services },
  );
  await screen.findByText("8 of 24 encoded");
  const truths = () =>
    within(screen.getByRole("navigation", { name: "Steps" }))
      .getAllByRole("link")
      .map(({ textContent }) => textContent);
  expect(truths()).toEqual([
    "1 Data12 sounds · 12 captions",
    "2 Encode8 of 24 encoded",
    "3 Alignjoins a hub",
    "4 Queryin the hub",
    "5 Hubnot joined yet",
    "6 Take awayrecipe",
  ]);
  await services.stores.hubs.putMember(joinedMember({ hubId: "h1", projectId: id }));
  services.changes.publish("hubs");
  await waitFor(() => expect(truths()[4]).toBe("5 Hubjoined Museum hub"));
});

it("offers sounds without a hub the hubs that are there and the text encoder alone", async () => {
  const { id } = await start();
  await services.stores.hubs.put(sampleHub("elsewhere"));
  const { path } = renderPanel(<HubPanel />, { services, projectId: id, path: `/p/${id}/hub` });
  await screen.findByRole("heading", { name: "Join a hub with these sounds" });
  expect(await screen.findByRole("button", { name: "Start from the text encoder" })).toBeTruthy();
  expect(screen.queryByText(/Freeze a run/)).toBeNull();
  fireEvent.click(screen.getByRole("link", { name: "Add to this hub" }));
  expect(path()).toBe(`/p/${id}/hub/add/h1/${id}`);
  // Sounds find a partner in a text member by their own captions.
  await screen.findByRole("heading", { name: "Add a modality to Museum hub" });
});

it("remembers for which hub files were brought, until they have joined", async () => {
  const { id } = await start();
  await services.stores.hubs.put(sampleHub("elsewhere"));
  await rememberJoining(services.stores.settings, id, "h1");
  renderPanel(<JoiningNote />, { services, projectId: id });
  const link = await screen.findByRole("link", { name: "Add them to the hub" });
  expect(link.getAttribute("href")).toBe(`/p/${id}/hub/add/h1/${id}`);
  await services.stores.hubs.putMember(joinedMember({ hubId: "h1", projectId: id }));
  services.changes.publish("hubs");
  await waitFor(() => expect(screen.queryByRole("link")).toBeNull());
});

it("brings the spoken sample in and goes on with it, or says what failed", async () => {
  const imported: string[] = [];
  services = await testServices({
    importer: {
      inspect: async () => {
        throw new Error("the sample is not served");
      },
      importPairs: async ({ projectId }) => {
        imported.push(projectId);
        throw new Error("not reached");
      },
    },
  });
  const { id } = await projectWithPairs(services, 12);
  await services.stores.hubs.put(sampleHub(id));
  const { path } = renderPanel(<HubPanel />, {
    ...{ services, projectId: id },
    path: `/p/${id}/hub/add/h1`,
  });
  fireEvent.click(await screen.findByRole("button", { name: "Try the spoken emoji" }));
  expect((await screen.findByRole("alert")).textContent).toContain("the sample is not served");
  expect(imported).toEqual([]);
  const created = (await services.stores.projects.list()).find((each) => each.id !== id);
  expect(created?.name).toBe("Spoken emoji sample");
  expect(path()).toBe(`/p/${id}/hub/add/h1/${created?.id ?? ""}`);
  expect(await screen.findByRole("link", { name: "Import some" })).toBeTruthy();
});

it("calls the jobs of hubs by what they do", () => {
  expect(describeJob("freeze/p1")).toEqual({ words: "Freezing a hub", href: "/p/p1/hub" });
  expect(describeJob("join/h1/p2")).toEqual({
    ...{ words: "Joining a hub", href: "/p/p2/hub/add/h1/p2" },
  });
  expect(describeJob("check-hub/h1").words).toBe("Checking a hub");
  expect(describeJob("path/h1/a/b").words).toBe("Measuring a path");
  expect(describeJob("encode/p1/audio").words).toBe("Sounds");
  expect(describeJob("encode/p1/sensor").words).toBe("Windows");
});
