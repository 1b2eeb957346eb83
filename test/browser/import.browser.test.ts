import { afterAll, describe, expect, it } from "vitest";
import { startImportWorker } from "../../src/app/startWorkers";
import { DEFAULT_IMPORT } from "../../src/core/domain/importFormat";
import type { Progress } from "../../src/core/progress";
import { openStores } from "../../src/storage/openStores";
import { sampleProject } from "../support/samples";

const client = startImportWorker();
afterAll(() => client.close());

const SPLIT = { group: "auto", validation: 0.1, test: 0.1, seed: 0 };
const SAMPLE = { kind: "sample" as const, sampleId: "emoji" };

async function newProject(): Promise<string> {
  const { projects } = await openStores();
  const project = sampleProject(crypto.randomUUID());
  await projects.put(project);
  return project.id;
}

async function picture(type: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(20, 10);
  canvas.getContext("2d")!.fillRect(0, 0, 10, 10);
  return canvas.convertToBlob({ type });
}

describe("the import worker", () => {
  it("downloads, inspects and imports the sample with the browser's own decoder", async () => {
    const projectId = await newProject();
    const stages = new Set<Progress["stage"]>();
    const onProgress = ({ stage }: Progress) => void stages.add(stage);
    const asked = { source: SAMPLE, settings: DEFAULT_IMPORT };
    const inspection = await client.call("inspect", asked, { onProgress });
    expect(inspection.summary).toBe("Image folder with metadata.csv: 3,246 rows, 3,246 images");
    expect([...stages]).toEqual(["download", "read"]);
    stages.clear();
    const mapping = inspection.columns.map(({ column, role }) => ({ column, role }));
    const report = await client.call(
      "importPairs",
      { projectId, source: SAMPLE, settings: DEFAULT_IMPORT, mapping, split: SPLIT },
      { onProgress },
    );
    expect(report).toMatchObject({ rows: 3246, used: 3246, skipped: 0, splitSource: "column" });
    // What the inspection fetched and read is not fetched and read again.
    expect([...stages]).toEqual(["import"]);
    const { datasets } = await openStores();
    const [first] = await datasets.items(projectId, "image");
    const blob = await datasets.blob(projectId, first!.digest);
    expect([first?.width, first?.height, blob.type]).toEqual([96, 96, "image/webp"]);
    console.info(`emoji sample imported in ${Math.round(report.elapsedMs)} ms`);
  });

  it("accepts what this browser encodes and refuses what it cannot decode", async () => {
    const projectId = await newProject();
    const png = await picture("image/png");
    const contents: Record<string, Blob | string> = {
      "metadata.csv": "file_name,text\na.png,a\nb.jpg,b\nc.webp,c\nd.png,d\n",
      "a.png": png,
      "b.jpg": await picture("image/jpeg"),
      "c.webp": await picture("image/webp"),
      "d.png": png.slice(0, 40),
    };
    const source = {
      kind: "files" as const,
      files: Object.entries(contents).map(([path, content]) => ({
        path,
        file: new File([content], path),
      })),
    };
    const { columns } = await client.call("inspect", { source, settings: DEFAULT_IMPORT });
    const mapping = columns.map(({ column, role }) => ({ column, role }));
    const report = await client.call("importPairs", {
      projectId,
      source,
      settings: DEFAULT_IMPORT,
      mapping,
      split: SPLIT,
    });
    expect(report).toMatchObject({ rows: 4, used: 3, skipped: 1 });
    expect(report.issues).toEqual([
      expect.objectContaining({
        where: "metadata.csv:5",
        reason: expect.stringMatching(/^the picture cannot be decoded/),
      }),
    ]);
  });

  it("makes thumbnails of large pictures and looks of all, unless told not to", async () => {
    const canvas = new OffscreenCanvas(800, 200);
    canvas.getContext("2d")!.fillRect(0, 0, 400, 200);
    const large = await canvas.convertToBlob({ type: "image/png" });
    const csv = "file_name,text\nlarge.png,large\nsmall.png,small\n";
    const source = {
      kind: "files" as const,
      files: Object.entries({
        "metadata.csv": csv,
        "large.png": large,
        "small.png": await picture("image/png"),
      }).map(([path, content]) => ({ path, file: new File([content], path) })),
    };
    const run = async (thumbnails: boolean) => {
      const projectId = await newProject();
      const settings = { ...DEFAULT_IMPORT, thumbnails };
      const { columns } = await client.call("inspect", { source, settings });
      const mapping = columns.map(({ column, role }) => ({ column, role }));
      await client.call("importPairs", { projectId, source, settings, mapping, split: SPLIT });
      const { datasets } = await openStores();
      const items = await datasets.items(projectId, "image");
      const thumbnail = await datasets.thumbnail(projectId, items[0]!.digest);
      const { width, height } = await createImageBitmap(thumbnail);
      return { looks: items.map(({ look }) => look), size: [width, height] };
    };
    const shown = await run(true);
    expect(shown.size).toEqual([192, 48]);
    expect(shown.looks).toEqual([
      expect.stringMatching(/^[0-9a-f]{16}$/),
      expect.stringMatching(/^[0-9a-f]{16}$/),
    ]);
    expect(await run(false)).toEqual({ looks: [undefined, undefined], size: [800, 200] });
  });

  it("leaves nothing behind when stopped half way", async () => {
    const projectId = await newProject();
    const { columns } = await client.call("inspect", { source: SAMPLE, settings: DEFAULT_IMPORT });
    const mapping = columns.map(({ column, role }) => ({ column, role }));
    const abort = new AbortController();
    const stopped = client.call(
      "importPairs",
      { projectId, source: SAMPLE, settings: DEFAULT_IMPORT, mapping, split: SPLIT },
      {
        signal: abort.signal,
        onProgress: ({ stage, done }) => stage === "import" && done > 600 && abort.abort(),
      },
    );
    await expect(stopped).rejects.toHaveProperty("code", "cancelled");
    await client.whenStopped();
    const { datasets, projects } = await openStores();
    expect((await projects.get(projectId)).data).toBeNull();
    expect(await datasets.items(projectId, "image")).toEqual([]);
  });
});
