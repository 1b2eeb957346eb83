// @vitest-environment jsdom
import { cleanup, configure, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { joiningId, type JoinRequest, type JoinWish } from "../../../src/core/domain/joinRequest";
import { AppError } from "../../../src/core/errors";
import { HubPanel } from "../../../src/ui/features/hub/HubPanel";
import { projectWithPairs } from "../../support/projects";
import { renderPanel } from "../../support/renderPanel";
import { joinedMember, sampleHub, sampleJoining, sampleTrained } from "../../support/sampleHubs";
import { testServices, type FakeWorkers, type TestServices } from "../../support/services";

configure({ defaultHidden: true }); // nothing here is hidden by style, and looking is slow

let services: TestServices;
beforeEach(() => {
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});
afterEach(() => {
  cleanup();
  services?.close();
});

const countEncoded = async () => ({ encoded: 12, total: 12, encoderKey: "k" });

/** A hub, and a project whose pictures were joining it when the tab was closed. */
async function interrupted(fakes: FakeWorkers = {}, step: number | null = 120) {
  services = await testServices({ encode: { countEncoded }, ...fakes });
  const projectId = (await projectWithPairs(services, 12)).id;
  const source = await projectWithPairs(services, 12);
  await services.stores.hubs.put(sampleHub(projectId));
  const encoder = { id: "efficientnet-lite0", pooling: "mean", layer: null } as const;
  const wish: JoinWish = {
    ...{ hubId: "h1", projectId: source.id, name: "Birds", modality: "image", encoder },
    ...{ anchors: ["text"], seed: 0 },
  };
  await services.stores.joinings.begin(wish, 1);
  if (step !== null) await trainTo(wish, step, source.data?.digest);
  return { projectId, source, wish };
}

async function trainTo(wish: JoinWish, step: number, dataDigest = "d1") {
  const { checkpoint, trained } = sampleTrained(joiningId(wish), step);
  await services.stores.joinings.putCheckpoint(wish, checkpoint, {
    ...{ ...trained, dataDigest, at: 2 },
  });
}

const show = (projectId: string, part = "", canEdit = true) =>
  renderPanel(<HubPanel />, {
    ...{ services, projectId, canEdit },
    path: `/p/${projectId}/hub${part}`,
  });

const button = (name: string | RegExp) => screen.findByRole<HTMLButtonElement>("button", { name });
const unfinished = () => screen.findByRole("region", { name: "Unfinished: Birds" });

it("offers to go on after a reload, with what is done, and asks for the very same", async () => {
  const asked: JoinRequest[] = [];
  const { projectId, wish } = await interrupted({
    join: {
      join: async (request) => {
        asked.push(request);
        const member = joinedMember({ hubId: "h1", projectId: request.projectId });
        await services.stores.joinings.end(request, { ...member, name: request.name });
        return member;
      },
    },
  });
  const { path } = show(projectId, "/members/h1");
  const note = await unfinished();
  expect(note.textContent).toContain("aligned to Captions");
  expect(note.textContent).toContain("Stopped at step 120 of 400; best so far at 60 (50.0 %).");
  expect(within(note).getByText("Training curve so far")).toBeTruthy();
  expect(note.textContent).not.toContain("edited since");
  fireEvent.click(await button("Go on with Birds"));
  await screen.findByRole("article", { name: "Birds" });
  expect(asked).toEqual([{ ...wish, device: "auto" }]);
  expect(screen.queryByRole("region", { name: "Unfinished: Birds" })).toBeNull();
  expect(path()).toBe(`/p/${projectId}/hub/members/h1`);
});

it("says that nothing is trained yet, that data changed, and that an anchor has left", async () => {
  const { projectId, wish } = await interrupted({}, null);
  show(projectId, "/members/h1");
  expect((await unfinished()).textContent).toContain("Stopped before training");
  await trainTo(wish, 40, "other data");
  services.changes.publish("hub/h1");
  await screen.findByText(/were edited since: where that changes what is trained on/);
  await services.stores.joinings.begin({ ...wish, anchors: ["gone"] }, 3);
  services.changes.publish("hub/h1");
  await screen.findByText(/has left the hub: put that one back, or discard this/);
  expect((await button("Go on with Birds")).disabled).toBe(true);
});

it("discards a joining only when asked twice, and leaves nothing of it", async () => {
  const { projectId, wish } = await interrupted();
  show(projectId, "/members/h1");
  fireEvent.click(await button("Discard Birds"));
  const dialog = await screen.findByRole("dialog", { name: "Discard Birds?" });
  expect(dialog.textContent).toContain("The 120 steps it was trained for are removed.");
  fireEvent.click(within(dialog).getByRole("button", { name: "Keep it" }));
  expect(await services.stores.joinings.get(wish)).toBeDefined();
  fireEvent.click(await button("Discard Birds"));
  const again = await screen.findByRole("dialog", { name: "Discard Birds?" });
  fireEvent.click(within(again).getByRole("button", { name: "Discard" }));
  await waitFor(() => expect(screen.queryByRole("region", { name: /^Unfinished/ })).toBeNull());
  expect(await services.stores.joinings.get(wish)).toBeUndefined();
  expect(await services.stores.joinings.checkpoint(wish)).toBeUndefined();
});

it("stands beside the form of its own items, and above it for those of others", async () => {
  const { projectId, source } = await interrupted();
  const other = await projectWithPairs(services, 12);
  const { unmount } = show(projectId, `/add/h1/${source.id}`);
  const go = await screen.findByRole("region", { name: "4 Add" });
  await within(go).findByRole("region", { name: "Unfinished: Birds" });
  expect(within(go).queryByText(/which this replaces/)).toBeNull();
  fireEvent.click(screen.getByRole("checkbox", { name: /Images/ }));
  await within(go).findByText(/which this replaces/);
  unmount();
  show(projectId, `/add/h1/${other.id}`);
  const form = await screen.findByRole("region", { name: "4 Add" });
  await unfinished();
  expect(within(form).queryByRole("region", { name: /^Unfinished/ })).toBeNull();
});

it("pauses, and ends early with the best", async () => {
  let finished = 0;
  const { projectId } = await interrupted({
    join: {
      join: (_request, { signal, report }) => {
        report({ stage: "train", done: 130, total: 400, unit: "steps" });
        return new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () => reject(new AppError("cancelled"))),
        );
      },
      finish: async () => {
        finished++;
        return null;
      },
    },
  });
  show(projectId, "/members/h1");
  fireEvent.click(await button("Go on with Birds"));
  await screen.findByText("130 of 400 steps");
  fireEvent.click(await button("Stop and keep the best"));
  await button("Stopping after this step");
  expect(finished).toBe(1);
  fireEvent.click(await button("Pause"));
  await button("Go on with Birds");
  expect(screen.getByText("Stopped. Finished work is kept.")).toBeTruthy();
});

it("changes nothing while another tab has the project", async () => {
  const { projectId } = await interrupted();
  show(projectId, "/members/h1", false);
  for (const name of ["Go on with Birds", "Discard Birds"]) {
    expect((await button(name)).disabled).toBe(true);
  }
});

it("names the recordings that were in doubt and those that could not be encoded", async () => {
  const { projectId } = await interrupted();
  const note = (name: string, reason: string) => ({ digest: name, source: name, reason });
  const member = joinedMember({ hubId: "h1", projectId });
  const joined = sampleJoining(member.id, {
    flagged: { count: 3, named: [note("a.ogg", "it is silent"), note("b.ogg", "it is too loud")] },
    failed: { count: 1, named: [note("c.ogg", "no sound in it")] },
    restart: "Sounds of Field have changed.",
  });
  await services.stores.hubs.putMember({ ...member, joined });
  show(projectId, "/members/h1");
  const sounds = await screen.findByRole("article", { name: "Sounds" });
  expect(sounds.textContent).toContain("3 sounds encoded, with a doubt");
  expect(sounds.textContent).toContain("a.ogg: it is silent");
  expect(sounds.textContent).toContain("and 1 more");
  expect(sounds.textContent).toContain("1 sound could not be encoded");
  expect(sounds.textContent).toContain("Sounds of Field have changed.");
  // As planned, less what patience spared.
  expect(sounds.textContent).toContain("200 of 400 steps");
});
