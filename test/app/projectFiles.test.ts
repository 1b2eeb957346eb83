import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ProjectFiles } from "../../src/app/projectFiles";
import { AppError } from "../../src/core/errors";
import { testServices, type TestServices } from "../support/services";

let services: TestServices;
const save = vi.fn();
const open = vi.fn();
beforeEach(async () => {
  save.mockReset().mockResolvedValue({ name: "a.zip", blob: new Blob(["a"]), notes: [] });
  open.mockReset().mockResolvedValue({ projectId: "p2", name: "B", notes: [] });
  services = await testServices({
    keeper: { save: (params) => save(params) as never, open: (params) => open(params) as never },
  });
});
afterEach(() => services.close());

it("remembers when a project was saved, and only if it was", async () => {
  const { projectFiles, jobs } = services;
  expect(await projectFiles.lastSaved("p1")).toBeNull();
  save.mockRejectedValueOnce(new AppError("storage/missing", "p1"));
  expect(await projectFiles.save("p1")).toBeUndefined();
  expect(jobs.get(ProjectFiles.saveJob("p1"))).toMatchObject({ status: "failed" });
  expect(await projectFiles.lastSaved("p1")).toBeNull();
  const before = Date.now();
  expect((await projectFiles.save("p1"))?.name).toBe("a.zip");
  expect(await projectFiles.lastSaved("p1")).toBeGreaterThanOrEqual(before);
});

it("tells screens of a project that was opened", async () => {
  const topics: string[] = [];
  services.changes.subscribe((topic) => topics.push(topic));
  await services.projectFiles.open(new Blob(["PK"]));
  expect(topics).toEqual(["projects", "encoders"]);
});

it("opens one file at a time", async () => {
  const first = services.projectFiles.open(new Blob(["PK"]));
  expect(await services.projectFiles.open(new Blob(["PK"]))).toBeUndefined();
  expect(await first).toMatchObject({ projectId: "p2" });
  expect(open).toHaveBeenCalledOnce();
});
