import { expect, it } from "vitest";
import { mainRun } from "../../../src/core/domain/mainRun";
import { resolveRecipe } from "../../../src/core/domain/recipe";
import type { Run } from "../../../src/core/domain/run";
import { retrieval } from "../../support/retrieval";
import { sampleRun } from "../../support/samples";

const ended = (createdAt: number, change: Partial<Run> = {}) =>
  sampleRun(`r${createdAt}`, "p1", { createdAt, test: retrieval(0.5), ...change });
const sweep = { id: "s", name: "curve", at: {} };
const part = resolveRecipe({ version: 1, data: { project: "p1" }, align: { trainOn: 100 } });
const idOf = (...runs: Run[]) => mainRun(runs)?.id;

it("is the newest run that has ended", () => {
  expect(idOf(ended(1), ended(3), ended(2))).toBe("r3");
  expect(idOf(ended(1), sampleRun("queued", "p1", { createdAt: 9 }))).toBe("r1");
  expect(idOf(sampleRun("queued"))).toBeUndefined();
});

it("is no point of a sweep and no run on a part while there is another", () => {
  expect(idOf(ended(1), ended(2, { sweep }), ended(3, { recipe: part }))).toBe("r1");
  expect(idOf(ended(2, { sweep }), ended(3, { sweep, recipe: part }))).toBe("r2");
  expect(idOf(ended(3, { sweep, recipe: part }))).toBe("r3");
});
