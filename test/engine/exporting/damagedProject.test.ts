import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { collectZip } from "../../../src/engine/exporting/collectZip";
import type { WholeFile } from "../../../src/engine/exporting/projectRecords";
import { sha256 } from "../../../src/engine/sha256";
import { listZip } from "../../../src/engine/importing/zipEntries";
import { openPlaygroundDb } from "../../../src/storage/db";
import { dump, profileOn, storeProject, type Profile } from "../../support/storedProject";

let here: Profile;
let there: Profile;
let files: Map<string, Uint8Array<ArrayBuffer>>;
beforeEach(async () => {
  here = profileOn(await openPlaygroundDb(crypto.randomUUID()));
  there = profileOn(await openPlaygroundDb(crypto.randomUUID()));
  const { projectId } = await storeProject(here);
  files = await unpack((await here.save(projectId)).blob);
});
afterEach(() => {
  here.db.close();
  there.db.close();
});

const { signal } = new AbortController();

async function unpack(zip: Blob) {
  const { members } = await listZip(zip, "zip", { signal });
  const read = members.map(async (one) => [one.name, await one.read(signal)] as const);
  return new Map(await Promise.all(read));
}

const zipOf = (contents: readonly WholeFile[]) =>
  collectZip(
    (async function* () {
      yield* contents;
    })(),
    new Date(0),
  );

const pack = (prefix = "") =>
  zipOf([...files].map(([path, bytes]) => ({ path: prefix + path, bytes })));

const textOf = (path: string) => new TextDecoder().decode(files.get(path));
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Changes a file and lets the manifest promise what it is now, as a forger would. */
async function forge(
  path: string,
  change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
) {
  const bytes = change(files.get(path)!);
  files.set(path, bytes);
  await inManifest(async (manifest) => {
    const entry = manifest.files.find((file) => file.path === path)!;
    Object.assign(entry, { sizeBytes: bytes.length, sha256: await sha256(bytes) });
  });
}

interface Manifest {
  version: unknown;
  format: unknown;
  files: { path: string; sizeBytes: number; sha256: string }[];
}

async function inManifest(change: (manifest: Manifest) => unknown) {
  const manifest = JSON.parse(textOf("manifest.json")) as Manifest;
  await change(manifest);
  files.set("manifest.json", bytesOf(JSON.stringify(manifest)));
}

const forgeJson = (path: string, from: string | RegExp, to: string) =>
  forge(path, (bytes) => {
    const text = new TextDecoder().decode(bytes);
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    return bytesOf(changed);
  });

/** Opens what `files` are now; nothing may have been stored. */
async function expectRefused(code: string, message: RegExp, zip?: Blob) {
  const before = await dump(there.db);
  const refused = there.open(zip ?? (await pack()));
  await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  expect(await dump(there.db)).toEqual(before);
  expect(there.cached.size).toBe(0);
}

const damaged = "project-file/damaged";
const named = (start: string) => [...files.keys()].find((path) => path.startsWith(start))!;
const runFolder = () => named("runs/").slice(0, "runs/".length + 36);

describe("a project file", () => {
  it("opens as it was saved, also zipped again as a folder with what systems add", async () => {
    files.set("__MACOSX/._manifest.json", bytesOf("x"));
    expect((await there.open(await pack())).name).toBe("Käfer, Museum");
    files.delete("__MACOSX/._manifest.json");
    expect((await there.open(await pack("my project/"))).name).toBe("Käfer, Museum (2)");
  });

  it("that is none is told from a damaged one", async () => {
    await expectRefused("project-file/unrecognised", /not a zip/, new Blob(["{}"]));
    await expectRefused(
      "project-file/unrecognised",
      /no manifest/,
      await zipOf([{ path: "a.png", bytes: bytesOf("a") }]),
    );
    await inManifest((manifest) => (manifest.format = "projected-dual-encoder"));
    await expectRefused("project-file/unrecognised", /another kind/);
    const whole = await pack();
    await expectRefused(damaged, /project file/, whole.slice(0, whole.size - 100));
  });

  it("of a newer version is refused as such", async () => {
    await inManifest((manifest) => (manifest.version = 2));
    await expectRefused("project-file/newer", /version 2/);
    await inManifest((manifest) => (manifest.version = "1"));
    await expectRefused(damaged, /manifest\.json: version/);
  });

  it("names the file whose bytes are not those that were saved", async () => {
    const path = named("originals/");
    files.set(
      path,
      files.get(path)!.map((byte, i) => (i === 40 ? byte ^ 1 : byte)),
    );
    await expectRefused(damaged, new RegExp(path));
  });

  it("names the file whose place in the zip is damaged, once", async () => {
    const bytes = new Uint8Array(await (await pack()).arrayBuffer());
    const path = named("originals/");
    const at = Buffer.from(bytes).indexOf(path) + path.length + 40;
    bytes[at] = bytes[at]! ^ 1;
    await expectRefused(
      damaged,
      new RegExp(`\\(${path}: its checksum is wrong`),
      new Blob([bytes]),
    );
  });

  it("names a file that is missing, of another size, listed twice, or not listed", async () => {
    const pairs = files.get("pairs/0000.json")!;
    files.delete("pairs/0000.json");
    await expectRefused(damaged, /pairs\/0000\.json: is missing/);
    files.set("pairs/0000.json", pairs.slice(1));
    await expectRefused(damaged, /pairs\/0000\.json: \d+ bytes instead of \d+/);
    files.set("pairs/0000.json", pairs);
    files.set("more.txt", pairs);
    await expectRefused(damaged, /more\.txt: is not in its manifest/);
    files.delete("more.txt");
    await inManifest((manifest) => manifest.files.push({ ...manifest.files[0]! }));
    await expectRefused(damaged, /README\.txt: is listed twice/);
  });

  it.each(["../evil.json", "/etc/passwd", "a/../../b", "a\\b", "C:/x", "a/./b", ""])(
    "with a path like %j is refused",
    async (path) => {
      await inManifest((manifest) =>
        manifest.files.push({ path, sizeBytes: 1, sha256: "0".repeat(64) }),
      );
      files.set(path || "x", bytesOf("x"));
      await expectRefused(damaged, /manifest\.json\.files\[\d+\]\.path|not a file|project file/);
    },
  );

  it.each<[string, string, string | RegExp, string, RegExp]>([
    ["a name that is no text", "project.json", /"name":"[^"]*"/, `"name":7`, /project\.json\.name/],
    ["a pair of no item", "pairs/0000.json", `"image":5`, `"image":5000`, /pairs.*image.*80 items/],
    [
      "a caption under another digest",
      "items/text/0000.json",
      "caption 7",
      "caption 8",
      /caption 7/,
    ],
    ["an item of another modality", "items/image/0000.json", `"image"`, `"text"`, /items\/image/],
    ["JSON that is none", "settings.json", "[", "", /settings\.json: not JSON/],
    ["a setting of the page", "settings.json", /align-form\/[^"]*/, "hub", /settings\.json/],
    ["a finding that is none", "settings.json", `"before"`, `"befor"`, /settings\.json.*before/],
    ["another prototype", "project.json", `{`, `{"__proto__":{"polluted":1},`, /__proto__/],
    ["an encoder under a known name", "encoders.json", /own-\w+/, "all-minilm-l6-v2", /all-minilm/],
  ])("that was forged with %s is refused", async (_, path, from, to, message) => {
    await forgeJson(path, from, to);
    await expectRefused(damaged, message);
    expect("polluted" in {}).toBe(false);
  });

  it("that was forged in a run names the run's file and the key", async () => {
    const path = `${runFolder()}/run.json`;
    await forgeJson(path, /"status":"\w+"/, `"status":"flying"`);
    await expectRefused(damaged, /runs\/.*run\.json\.status/);
    await forgeJson(path, `"status":"flying"`, `"status":"queued"`);
    await forgeJson(path, `"steps":30`, `"steps":-1`);
    await expectRefused(damaged, /run\.json\.recipe: align\.steps/);
  });

  it("cannot put a page or markup where a picture was", async () => {
    const html = bytesOf("<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>");
    const digest = await sha256(html);
    const path = named("originals/");
    const old = /[0-9a-f]{64}/.exec(path)![0];
    await forgeJson("items/image/0000.json", old, digest);
    files.delete(path);
    const forged = `originals/${digest}.png`;
    files.set(forged, html);
    await inManifest((manifest) => {
      const entry = manifest.files.find((file) => file.path === path)!;
      Object.assign(entry, { path: forged, sizeBytes: html.length, sha256: digest });
    });
    await expectRefused(damaged, new RegExp(forged));
  });

  it("cannot bring vectors of items that are not its own, or of another width", async () => {
    const json = named("embeddings/");
    await forgeJson(json, /"[0-9a-f]{64}"/, `"${"a".repeat(64)}"`);
    await expectRefused(damaged, /aaaaaaaaaaaa… is no item/);
    await forge(json.replace(".json", ".npy"), (bytes) => bytes.slice(0, bytes.length - 4));
    await expectRefused(damaged, /npy/);
  });

  it("does not replace vectors or encoders that are here", async () => {
    await there.open(await pack());
    const chunks = await there.db.getAll("embeddingChunks");
    const npy = named("embeddings/").replace(".json", ".npy");
    await forge(npy, (bytes) => bytes.map((byte, i) => (i > 200 && i % 4 === 0 ? byte ^ 1 : byte)));
    await there.open(await pack());
    expect(await there.db.getAll("embeddingChunks")).toEqual(chunks);
    expect(await there.stores.encoders.list()).toHaveLength(1);
  });
});
