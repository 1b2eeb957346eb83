// @vitest-environment jsdom
import { cleanup, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it } from "vitest";
import { ServicesContext } from "../../../src/app/services";
import type { WholeHub } from "../../../src/core/domain/hub";
import { HubItems } from "../../../src/ui/features/hub/query/hubItems";
import { heldOutExamples } from "../../../src/ui/features/hub/query/heldOutExamples";
import { useHubGallery } from "../../../src/ui/features/hub/query/useHubGallery";
import { projectWithPairs } from "../../support/projects";
import { hubWithSounds, joinedMember } from "../../support/sampleHubs";
import { testServices, type TestServices } from "../../support/services";

let services: TestServices;
afterEach(() => {
  cleanup();
  services?.close();
});

describe("the gallery", () => {
  it("is made again, once, for a member that joined while it was being made", async () => {
    const released: (() => void)[] = [];
    let opened = 0;
    services = await testServices({
      hub: {
        open: async ({ hubId }) => {
          opened++;
          await new Promise<void>((resolve) => released.push(resolve));
          return { hubId, gallery: { image: opened }, absent: [] };
        },
      },
    });
    const wrapper = ({ children }: { children: ReactNode }) => (
      <ServicesContext value={services}>{children}</ServicesContext>
    );
    const whole = hubWithSounds("p");
    const { result, rerender } = renderHook((hub: WholeHub) => useHubGallery(hub), {
      ...{ wrapper, initialProps: whole },
    });
    await waitFor(() => expect(released).toHaveLength(1));
    const late = joinedMember({ hubId: "h1", projectId: "q" }, { id: "birds", digest: "b" });
    rerender({ ...whole, members: [...whole.members, late] });
    released[0]?.();
    await waitFor(() => expect(released).toHaveLength(2));
    expect(result.current.status).toBeUndefined(); // made for members as they were
    released[1]?.();
    await waitFor(() => expect(result.current.status?.gallery).toEqual({ image: 2 }));
    await services.jobs.start("another", async () => {});
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(opened).toBe(2);
  });
});

describe("items of a project", () => {
  it("come with their captions, and held-out ones spread over the data", async () => {
    services = await testServices();
    const { id } = await projectWithPairs(services, 40);
    const source = new HubItems(services.stores.datasets).of(id);
    expect(await source.captionsOf("image", 3)).toEqual([3]);
    expect(await source.captionsOf("text", 3)).toEqual([]);
    expect(await source.captionsOf("image", 99)).toEqual([]);
    expect(await source.heldOut("image", 2)).toEqual([10, 30]);
    expect(await source.heldOut("image", 9)).toEqual([0, 10, 20, 30]);
    expect(await source.heldOut("audio", 3)).toEqual([]);
    expect((await source.index()).ratioOf(0)).toBe(1);
  });

  it("give examples of members with data only, and none of a project that is gone", async () => {
    services = await testServices();
    const { id } = await projectWithPairs(services, 40);
    const items = new HubItems(services.stores.datasets);
    const { members } = hubWithSounds(id);
    const { captions, sounds } = await heldOutExamples(members, items);
    expect(captions.map(({ name }) => name)).toEqual([0, 10, 20, 30].map((i) => `caption ${i}`));
    expect(captions[1]).toMatchObject({ memberId: "text", projectId: id, item: 10 });
    expect(sounds).toEqual([]);
    const without = members.map((member) => ({ ...member, data: null }));
    expect((await heldOutExamples(without, items)).captions).toEqual([]);
    expect((await heldOutExamples(hubWithSounds("gone").members, items)).captions).toEqual([]);
  });
});
