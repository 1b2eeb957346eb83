import { expect, it } from "vitest";
import { filesOfDrop, filesOfInput, withFiles } from "../../../src/ui/components/droppedFiles";

const file = (path: string) => ({
  isFile: true,
  isDirectory: false,
  fullPath: path,
  file: (resolve: (file: File) => void) => resolve(new File(["x"], path)),
});

/** Gives its children two at a time, as browsers give them a hundred at a time. */
const folder = (path: string, children: unknown[]) => ({
  isFile: false,
  isDirectory: true,
  fullPath: path,
  createReader() {
    let next = 0;
    return {
      readEntries: (resolve: (entries: unknown[]) => void) =>
        resolve(children.slice(next, (next += 2))),
    };
  },
});

const drop = (...entries: unknown[]) =>
  entries.map((entry) => ({ webkitGetAsEntry: () => entry }) as unknown as DataTransferItem);

it("walks folders to the bottom and reads every batch of a long one", async () => {
  const images = folder(
    "/museum/images",
    [1, 2, 3, 4, 5].map((i) => file(`/museum/images/${i}`)),
  );
  const found = await filesOfDrop(drop(folder("/museum", [file("/museum/metadata.csv"), images])));
  expect(found.map(({ path }) => path)).toEqual([
    "museum/images/1",
    "museum/images/2",
    "museum/images/3",
    "museum/images/4",
    "museum/images/5",
    "museum/metadata.csv",
  ]);
});

it("ignores what is no file, such as dragged text", async () => {
  expect(await filesOfDrop(drop(null))).toEqual([]);
});

it("fails when a file cannot be read instead of leaving it out", async () => {
  const broken = {
    ...file("/a"),
    file: (_: unknown, reject: (error: Error) => void) => reject(new Error("gone")),
  };
  await expect(filesOfDrop(drop(broken))).rejects.toThrow("gone");
});

it("keeps the paths of a chosen folder and the names of chosen files", () => {
  const inFolder = Object.assign(new File([], "a.png"), { webkitRelativePath: "museum/a.png" });
  expect(filesOfInput([inFolder, new File([], "b.png")]).map(({ path }) => path)).toEqual([
    "museum/a.png",
    "b.png",
  ]);
});

it("adds a second drop to the first, without files that are there already", () => {
  const dropped = (path: string, content = "x") => ({
    path,
    file: new File([content], path, { lastModified: 1 }),
  });
  const first = { kind: "files", files: [dropped("a.png"), dropped("metadata.csv")] } as const;
  const again = { kind: "files", files: [dropped("metadata.csv"), dropped("b.png")] } as const;
  const both = withFiles(first, again);
  expect(both.kind === "files" && both.files.map(({ path }) => path)).toEqual([
    "a.png",
    "metadata.csv",
    "b.png",
  ]);
  const changed = { kind: "files", files: [dropped("a.png", "other")] } as const;
  const kept = withFiles(first, changed);
  expect(kept.kind === "files" && kept.files).toHaveLength(3);
  expect(withFiles(first, { kind: "sample", sampleId: "emoji" }).kind).toBe("sample");
});
