// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import type { FreezeRequest, JoinRequest } from "../../../src/core/domain/joinRequest";
import { AppError } from "../../../src/core/errors";
import { HubPanel } from "../../../src/ui/features/hub/HubPanel";
import { projectWithPairs } from "../../support/projects";
import { renderPanel } from "../../support/renderPanel";
import { retrieval } from "../../support/retrieval";
import { hubWithSounds, joinedMember, sampleHub, samplePath } from "../../support/sampleHubs";
import { sampleRun } from "../../support/samples";
import { testServices, type FakeWorkers, type TestServices } from "../../support/services";

let services: TestServices;
afterEach(() => {
  cleanup();
  services?.close();
});

async function start(fakes: FakeWorkers = {}) {
  services = await testServices(fakes);
  return (await projectWithPairs(services, 12)).id;
}

const show = (projectId: string, part = "", canEdit = true) =>
  renderPanel(<HubPanel />, {
    ...{ services, projectId, canEdit },
    path: `/p/${projectId}/hub${part}`,
  });

const putHub = async (projectId: string) => {
  const whole = hubWithSounds(projectId);
  await services.stores.hubs.put(whole.hub);
  for (const member of whole.members.slice(2)) await services.stores.hubs.putMember(member);
  return whole.hub;
};

const press = async (name: string | RegExp) =>
  fireEvent.click(await screen.findByRole("button", { name }));

it("teaches what a hub is and freezes the run that is chosen", async () => {
  const asked: FreezeRequest[] = [];
  const projectId: string = await start({
    join: {
      freeze: async (request) => {
        asked.push(request);
        const hub = sampleHub(request.projectId, { name: request.name });
        await services.stores.hubs.put(hub);
        return hub;
      },
    },
  });
  for (const [i, name] of ["first", "second"].entries()) {
    const change = { name, createdAt: i, test: retrieval(0.5), best: { step: 300, score: 0.5 } };
    await services.stores.runs.put(sampleRun(`r${i}`, projectId, change));
  }
  const { path } = show(projectId);
  await screen.findByRole("heading", { name: "No hub yet" });
  fireEvent.change(await screen.findByLabelText("Run to freeze"), { target: { value: "r0" } });
  fireEvent.change(screen.getByLabelText("Name"), { target: { value: "Birds" } });
  await press("Freeze this run as a hub");
  await screen.findByRole("heading", { name: "Birds" });
  const source = { kind: "run", runId: "r0", runName: "first", step: 300 };
  expect(asked).toEqual([{ projectId, name: "Birds", source }]);
  expect(path()).toBe(`/p/${projectId}/hub/members/h1`);
});

it("offers the text encoder alone where no run is finished, and says what is missing", async () => {
  const asked: FreezeRequest[] = [];
  const projectId = await start({
    join: {
      freeze: async (request) => {
        asked.push(request);
        throw new AppError("data/too-few", "no captions");
      },
    },
  });
  show(projectId);
  await screen.findByText(/No run is finished yet/);
  await press("Start from the text encoder");
  expect((await screen.findByRole("alert")).textContent).toContain("no captions");
  expect(asked[0]?.source).toEqual({ kind: "text-encoder" });
});

it("shows every member with encoder, pairs, digest, and recalls beside their controls", async () => {
  const projectId = await start();
  await putHub(projectId);
  show(projectId);
  const sounds = await screen.findByRole("article", { name: "Sounds" });
  expect(sounds.textContent).toContain("Captions (840 pairs)");
  expect(sounds.textContent).toContain("12 moved to the hub’s split of the same caption");
  expect(sounds.textContent).toContain("3 left out, without an embedding");
  expect(sounds.textContent).toMatch(
    /Sounds → Images \(emergent, 2 hops\): recall@10 45\.0 % ± 5\.0 · chance 10\.0 %/,
  );
  expect(sounds.textContent).toMatch(/shuffled 11\.0 %.* · ridge 58\.0 %/);
  expect(screen.getAllByRole("article")).toHaveLength(3);
  // Those the hub was frozen with cannot be taken out.
  expect(screen.getAllByRole("button", { name: /^Remove/ })).toHaveLength(1);
});

it("shows the figures of the edge that is chosen, by mouse and by keyboard", async () => {
  const projectId = await start();
  await putHub(projectId);
  show(projectId);
  await screen.findByRole("heading", { name: /Captions and Sounds|Images and Sounds/ });
  const edge = (name: RegExp) => screen.getByRole("button", { name });
  // What was never trained together comes first.
  expect(edge(/^Images and Sounds/).getAttribute("aria-pressed")).toBe("true");
  expect(screen.getByText(/Emergent: no pair of these two/)).toBeTruthy();
  fireEvent.click(edge(/^Captions and Sounds: trained, recall@10 62 %/));
  expect(screen.getByText(/Trained: pairs of these two were trained on/)).toBeTruthy();
  fireEvent.keyDown(edge(/^Images and Sounds/), { key: "Enter" });
  expect(screen.getByText(/Emergent: no pair of these two/)).toBeTruthy();
});

it("measures a path nobody has measured, and says what failed", async () => {
  const asked: string[] = [];
  const projectId = await start({
    join: {
      scorePath: async ({ from, to }) => {
        asked.push(`${from}>${to}`);
        if (asked.length === 1) throw new AppError("data/too-few", "no held-out pair");
        return samplePath(from, to);
      },
    },
  });
  await putHub(projectId);
  show(projectId);
  fireEvent.click(await screen.findByRole("button", { name: "Images and Captions: trained" }));
  await press("Measure this path");
  expect((await screen.findByRole("alert")).textContent).toContain("no held-out pair");
  await press("Measure this path");
  await screen.findByRole("region", { name: "Images → Captions: recall" });
  expect(asked).toEqual(["image>text", "image>text", "text>image"]);
});

it("removes a member and takes it back unchanged", async () => {
  const projectId = await start();
  const { id } = await putHub(projectId);
  const before = await services.stores.hubs.get(id);
  show(projectId);
  await press("Remove Sounds");
  await waitFor(() => expect(screen.queryByRole("article", { name: "Sounds" })).toBeNull());
  expect((await services.stores.hubs.get(id)).members).toHaveLength(2);
  await press("Undo");
  await screen.findByRole("article", { name: "Sounds" });
  expect(await services.stores.hubs.get(id)).toEqual(before);
});

it("checks again that nothing frozen moved, and shows what did", async () => {
  const changed = { embeddings: { image: "x", text: "y" }, ranks: "r2", recalls: [] };
  let isUnchanged = true;
  const projectId = await start({
    join: {
      check: async () => {
        const { frozen } = sampleHub("p");
        const before = frozen ?? changed;
        return { before, after: isUnchanged ? before : changed, isUnchanged };
      },
    },
  });
  await putHub(projectId);
  show(projectId);
  await press("Check now");
  await screen.findByText(/unchanged to the bit/);
  isUnchanged = false;
  await press("Check again");
  await screen.findByText(/Changed since it was frozen/);
  expect(screen.getByText(/Embeddings that differ: image, text/)).toBeTruthy();
});

it("refuses the sense pack of another hub in place", async () => {
  const projectId = await start({
    join: {
      unpackSense: async () => {
        throw new AppError("hub/other-hub", "made for “Birds”");
      },
    },
  });
  await putHub(projectId);
  show(projectId);
  const files = [new File(["x"], "a.safetensors")];
  fireEvent.change(await screen.findByLabelText("Sense pack"), { target: { files } });
  expect((await screen.findByRole("alert")).textContent).toContain("made for “Birds”");
});

it("names what stays before a hub is deleted", async () => {
  const projectId = await start();
  await putHub(projectId);
  show(projectId);
  await press("Delete this hub");
  const dialog = await screen.findByRole("dialog", { name: "Delete this hub?" });
  expect(dialog.textContent).toContain("1 member that joined it");
  expect(dialog.textContent).toContain("Projects with their data, embeddings and runs stay");
  fireEvent.click(within(dialog).getByRole("button", { name: "Delete hub" }));
  await screen.findByRole("heading", { name: "No hub yet" });
  expect(await services.stores.hubs.list()).toEqual([]);
});

it("changes nothing while another tab has the project", async () => {
  const projectId = await start();
  await putHub(projectId);
  show(projectId, "", false);
  for (const name of ["Remove Sounds", "Add from a sense pack", "Delete this hub"]) {
    const button = await screen.findByRole<HTMLButtonElement>("button", { name });
    expect(button.disabled).toBe(true);
  }
});

it("adds the pictures of another project to a hub, aligned to what is ticked", async () => {
  const asked: JoinRequest[] = [];
  const projectId: string = await start({
    encode: {
      countEncoded: async () => ({ encoded: 12, total: 12, encoderKey: "k" }),
      encodeItems: async () => ({
        ...{ encoderKey: "k", items: 12, encoded: 0, failed: [], device: "wasm", threads: 1 },
        ...{ adapter: null, elapsedMs: 1, parityCosine: 1 },
      }),
    },
    join: {
      join: async (request, { report }) => {
        asked.push(request);
        report({ stage: "train", done: 1, total: 2, unit: "steps" });
        const member = joinedMember({ hubId: request.hubId, projectId: request.projectId });
        await services.stores.hubs.putMember({ ...member, name: request.name });
        return member;
      },
    },
  });
  const source = await projectWithPairs(services, 12);
  const hub = sampleHub(projectId);
  await services.stores.hubs.put(hub);
  const { path } = show(projectId, `/add/h1/${source.id}`);
  const captions = await screen.findByRole<HTMLInputElement>("checkbox", { name: /Captions/ });
  expect(captions.checked).toBe(true);
  const images = screen.getByRole("checkbox", { name: /Images/ });
  await screen.findAllByText("12 of 12 images find a partner");
  fireEvent.click(images);
  await press("Add 12 images to the hub");
  await waitFor(() => expect(path()).toBe(`/p/${projectId}/hub/members/h1`));
  const { anchors, name, modality } = asked[0] ?? {};
  expect({ anchors, name, modality }).toEqual({
    ...{ anchors: ["text", "image"], name: "Pictures", modality: "image" },
  });
  await screen.findByRole("article", { name: "Pictures" });
});

it("leaves the visitor where they went when a joining ends", async () => {
  let end: () => void = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const projectId: string = await start({
    encode: {
      countEncoded: async () => ({ encoded: 12, total: 12, encoderKey: "k" }),
    },
    join: {
      join: async (request, { report }) => {
        report({ stage: "train", done: 1, total: 2, unit: "steps" });
        await ended;
        const member = joinedMember({ hubId: request.hubId, projectId: request.projectId });
        await services.stores.hubs.putMember({ ...member, name: request.name });
        return member;
      },
    },
  });
  const source = await projectWithPairs(services, 12);
  await services.stores.hubs.put(sampleHub(projectId));
  const { path } = show(projectId, `/add/h1/${source.id}`);
  await press("Add 12 images to the hub");
  await screen.findByText("1 of 2 steps");
  fireEvent.click(screen.getByRole("tab", { name: "Members" }));
  // It goes on in sight of the members.
  await screen.findByRole("progressbar", { name: "Pictures joining the hub" });
  fireEvent.click(screen.getByRole("tab", { name: "Tests" }));
  end();
  await waitFor(async () => {
    expect((await services.stores.hubs.get("h1")).members).toHaveLength(3);
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(path()).toBe(`/p/${projectId}/hub/tests/h1`);
});
