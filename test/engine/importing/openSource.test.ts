import fc from "fast-check";
import { downloadZip } from "client-zip";
import { describe, expect, it } from "vitest";
import { openSource } from "../../../src/engine/importing/openSource";
import { files } from "../../support/importing";
import { blocks, gzip, tar, tarHeader } from "../../support/tar";

type Contents = Parameters<typeof files>[0];

const open = (contents: Contents, signal = new AbortController().signal) =>
  openSource(files(contents), "http://localhost/", signal, () => {});

async function zip(contents: readonly (readonly [string, string])[]) {
  const parts = contents.map(([name, input]) => ({ name, input }));
  return new Uint8Array(await downloadZip(parts).arrayBuffer());
}

const pathsOf = async (contents: Contents) =>
  (await open(contents)).entries.map(({ path }) => path);
const refusedOf = async (contents: Contents) =>
  (await open(contents)).refused.map(({ name, fault }) => `${name}: ${fault.reason}`);

async function textOf(contents: Contents, path: string): Promise<string> {
  const signal = new AbortController().signal;
  const entry = (await open(contents)).entries.find((one) => one.path === path);
  return new TextDecoder().decode(await entry!.read(signal));
}

describe("what was dropped", () => {
  it("adds up: loose files, zip, tar, tar.gz and a lone gz", async () => {
    const contents = {
      "a.txt": "a",
      "b.zip": await zip([["b.txt", "b"]]),
      "c.tar": await tar([["c.txt", "c"]]),
      "d.tgz": await gzip(await tar([["d.txt", "d"]])),
      "e.csv.gz": await gzip("e"),
    };
    expect((await pathsOf(contents)).sort()).toEqual(["a.txt", "b.txt", "c.txt", "d.txt", "e.csv"]);
    expect(await textOf(contents, "d.txt")).toBe("d");
    expect(await textOf(contents, "e.csv")).toBe("e");
  });

  it("keeps archives inside archives closed", async () => {
    const inner = await tar([["x.txt", "x"]]);
    expect(await pathsOf({ "a.tar": await tar([["inner.tar", inner]]) })).toEqual(["inner.tar"]);
  });

  it("uses the other archives when one cannot be read, and fails when none can", async () => {
    const good = await tar([["a.txt", "a"]]);
    expect(await refusedOf({ "0.tar": good, "1.tar": "<html>404</html>" })).toEqual([
      "1.tar: the archive cannot be read: 1.tar: it is not a tar archive",
    ]);
    await expect(open({ "1.tar": "<html>404</html>" })).rejects.toHaveProperty(
      "code",
      "import/archive",
    );
  });

  it("refuses the second copy of an archive dropped twice", async () => {
    const source = files({ "a.tar": await tar([["a.txt", "a"]]) });
    const twice = {
      ...source,
      files: source.kind === "files" ? [...source.files, ...source.files] : [],
    };
    const signal = new AbortController().signal;
    const { entries, refused } = await openSource(twice as typeof source, "", signal, () => {});
    expect([entries.length, refused.length]).toEqual([1, 1]);
  });
});

describe("hostile names in archives", () => {
  it("refuses path traversal, absolute paths, drive letters and NUL one by one", async () => {
    const nul = tarHeader({ flag: "x", size: 13 });
    const bytes = blocks(
      ...[tarHeader({ name: "../up.txt", size: 1 }), "x"],
      ...[tarHeader({ name: "/etc/passwd", size: 1 }), "x"],
      ...[tarHeader({ name: "C:\\x.txt", size: 1 }), "x"],
      ...[nul, "13 path=a\0.x\n", tarHeader({ size: 1 }), "x"],
      ...[tarHeader({ name: "ok.txt", size: 1 }), "x", new Uint8Array(1024)],
    );
    expect(await pathsOf({ "a.tar": bytes })).toEqual(["ok.txt"]);
    expect(await refusedOf({ "a.tar": bytes })).toEqual([
      "../up.txt: refused: the path leaves the import with “..”",
      "/etc/passwd: refused: the path starts at the root of a computer",
      "C:\\x.txt: refused: the path starts at the root of a computer",
      "a\\u0000.x: refused: the path holds a NUL character",
    ]);
  });

  it("never gives a path outside the root, for any name", async () => {
    const name = fc.oneof(
      fc.string({ minLength: 1, maxLength: 40 }),
      fc
        .array(fc.constantFrom("..", ".", "a", "", "C:", "\\", "/"), { minLength: 1 })
        .map((p) => p.join("/")),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 6 }), async (names) => {
        const archive = await tar([
          ["ok.txt", "x"],
          ...names.map((n) => [n.slice(0, 90), "x"] as const),
        ]);
        for (const path of await pathsOf({ "a.tar": archive, "folder/b.tar": archive })) {
          expect(path).not.toMatch(/^\/|(^|\/)\.\.(\/|$)|\0/);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("refuses an RTL override, and shows it escaped", async () => {
    expect(
      await refusedOf({
        "a.tar": await tar([
          ["ok.txt", "x"],
          ["cat\u202egpj.exe", "x"],
        ]),
      }),
    ).toEqual([
      "cat\\u202egpj.exe: refused: the name holds characters that reverse or hide its text",
    ]);
  });

  it("uses the first of duplicate names in a zip; case-colliding names are two files", async () => {
    const archive = await zip([
      ["a.txt", "1"],
      ["A.txt", "2"],
      ["a.txt", "3"],
    ]);
    expect(await pathsOf({ "x.zip": archive })).toEqual(["a.txt", "A.txt"]);
    expect(await textOf({ "x.zip": archive }, "a.txt")).toBe("1");
    expect(await refusedOf({ "x.zip": archive })).toEqual(["a.txt: refused: a.txt is there twice"]);
  });
});

describe("bombs", () => {
  it("stops a gzip bomb at the limit of its ratio, with a message", async () => {
    const bomb = await gzip(new Uint8Array(64 * 2 ** 20));
    expect(bomb.length).toBeLessThan(100_000);
    await expect(open({ "zeros.csv.gz": bomb })).rejects.toMatchObject({
      code: "import/archive",
      detail: expect.stringMatching(/^zeros\.csv\.gz: unpacks to more than 200 times/),
    });
  });

  it("refuses damaged and cut-off gzip", async () => {
    const packed = await gzip("caption".repeat(500));
    await expect(open({ "a.csv.gz": packed.slice(0, 30) })).rejects.toHaveProperty(
      "code",
      "import/archive",
    );
    await expect(open({ "a.csv.gz": "no gzip" })).rejects.toHaveProperty("code", "import/archive");
  });

  it("refuses 300,000 empty entries of a tar", async () => {
    const header = tarHeader({ name: "a" });
    const bytes = new Uint8Array(300_000 * 512);
    for (let at = 0; at < bytes.length; at += 512) bytes.set(header, at);
    await expect(open({ "many.tar": bytes })).rejects.toMatchObject({
      code: "import/archive",
      detail: "many.tar: more than 200,000 files",
    });
  });

  it("stops while unpacking when told to", async () => {
    const packed = await gzip(await tar([["a.txt", "a"]]));
    await expect(open({ "a.tgz": packed }, AbortSignal.abort())).rejects.toHaveProperty(
      "name",
      "AbortError",
    );
  });
});
