import { describe, expect, it, vi } from "vitest";
import { Followers } from "../../../src/engine/align/followers";
import { sampleProjectors } from "../../support/samples";

describe("Followers", () => {
  it("answers with what the next step leaves, once", async () => {
    const followers = new Followers();
    followers.begin("r1");
    const read = vi.fn(async () => sampleProjectors("r1", 7));
    await followers.answer(read);
    expect(read).not.toHaveBeenCalled(); // nobody had asked
    const asked = followers.latest("r1");
    await followers.answer(read);
    await followers.answer(read);
    expect((await asked)?.step).toBe(7);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it("gives every asker arrays of its own, from one reading", async () => {
    const followers = new Followers();
    followers.begin("r1");
    const both = [followers.latest("r1"), followers.latest("r1")];
    await followers.answer(async () => sampleProjectors("r1", 7));
    const [a, b] = await Promise.all(both);
    expect(a).toEqual(b);
    const weights = a!.image.tensors["weight"]!.data;
    expect(b!.image.tensors["weight"]!.data.buffer).not.toBe(weights.buffer);
  });

  it("says null at once for a run that is not training, and to those who wait at the end", async () => {
    const followers = new Followers();
    expect(await followers.latest("r1")).toBeNull();
    followers.begin("r1");
    expect(await followers.latest("r2")).toBeNull();
    const waiting = followers.latest("r1");
    followers.end();
    expect(await waiting).toBeNull();
    expect(await followers.latest("r1")).toBeNull();
  });
});
