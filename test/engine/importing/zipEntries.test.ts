import { ZipWriter, BlobWriter, TextReader } from "@zip.js/zip.js";
import { describe, expect, it } from "vitest";
import { listZip } from "../../../src/engine/importing/zipEntries";

const SIGNAL = new AbortController().signal;
const TEXT = new TextDecoder();
const CONTENT = "a caption, ".repeat(40);

async function zip(
  contents: Readonly<Record<string, string>>,
  options: { level?: number; password?: string; zip64?: boolean } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false, ...options });
  for (const [name, content] of Object.entries(contents))
    await writer.add(name, new TextReader(content));
  const blob = await writer.close();
  return new Uint8Array(await blob.arrayBuffer());
}

const list = async (bytes: Uint8Array<ArrayBuffer>) =>
  (await listZip(new Blob([bytes]), "data.zip", { signal: SIGNAL })).members;

async function readFirst(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const [member] = await list(bytes);
  return TEXT.decode(await member!.read(SIGNAL));
}

const archiveError = (detail: RegExp) =>
  expect.objectContaining({ code: "import/archive", detail: expect.stringMatching(detail) });

/** Where the record of the only member starts in the central directory. */
function centralRecord(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer);
  for (let at = bytes.length - 46; at >= 0; at--) {
    if (view.getUint32(at, true) === 0x02014b50) return at;
  }
  throw new Error("no central directory");
}

/** A zip whose central directory (APPNOTE.TXT §4.3.12 to 4.3.16) lists empty files that are not there. */
function emptyEntries(count: number): Uint8Array<ArrayBuffer> {
  const directory = 47 * count;
  const bytes = new Uint8Array(directory + 56 + 20 + 22);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < directory; at += 47) {
    view.setUint32(at, 0x02014b50, true);
    view.setUint16(at + 28, 1, true);
    bytes[at + 46] = 0x61;
  }
  view.setUint32(directory, 0x06064b50, true);
  view.setUint32(directory + 4, 44, true);
  for (const at of [24, 32]) view.setUint32(directory + at, count, true);
  view.setUint32(directory + 40, directory, true);
  view.setUint32(directory + 56, 0x07064b50, true);
  view.setUint32(directory + 64, directory, true);
  view.setUint32(directory + 72, 1, true);
  view.setUint32(directory + 76, 0x06054b50, true);
  bytes.fill(0xff, directory + 84, directory + 96);
  return bytes;
}

describe("listZip", () => {
  it.each([{ level: 0 }, { level: 6 }, { zip64: true }])(
    "reads members of %j archives",
    async (options) => {
      const bytes = await zip({ "ordner/bücher.csv": CONTENT, "b.txt": "b" }, options);
      const members = await list(bytes);
      expect(members.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
        ["ordner/bücher.csv", CONTENT.length],
        ["b.txt", 1],
      ]);
      expect(TEXT.decode(await members[0]!.read(SIGNAL))).toBe(CONTENT);
      expect(TEXT.decode(await members[1]!.read(SIGNAL))).toBe("b");
    },
  );

  it("finds the data behind a long extra field", async () => {
    const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
    const extraField = new Map([[0x9999, new Uint8Array(300)]]);
    await writer.add("a.txt", new TextReader(CONTENT), { extraField });
    const blob = await writer.close();
    expect(await readFirst(new Uint8Array(await blob.arrayBuffer()))).toBe(CONTENT);
  });

  it("refuses what is no zip, and one that is cut off", async () => {
    const whole = await zip({ "a.txt": CONTENT });
    await expect(list(new TextEncoder().encode(CONTENT))).rejects.toThrow(
      archiveError(/data\.zip/),
    );
    await expect(list(whole.slice(0, whole.length - 30))).rejects.toThrow(
      archiveError(/data\.zip/),
    );
    await expect(list(new Uint8Array())).rejects.toThrow(archiveError(/data\.zip/));
  });

  it("refuses a bomb before unpacking it", async () => {
    const bomb = await zip({ "bomb.png": "\0".repeat(2 ** 21) });
    expect(bomb.length).toBeLessThan(10_000);
    await expect(readFirst(bomb)).rejects.toThrow(archiveError(/more than 200 times/));
  });

  it("refuses 300,000 empty entries", async () => {
    await expect(list(emptyEntries(300_000))).rejects.toThrow(
      archiveError(/more than 200,000 files/),
    );
  });

  it("lets a small but very even file pass", async () => {
    expect(await readFirst(await zip({ "even.txt": "\0".repeat(500_000) }))).toHaveLength(500_000);
  });

  it("stops at the first byte beyond the declared size", async () => {
    const lying = await zip({ "a.txt": CONTENT });
    new DataView(lying.buffer).setUint32(centralRecord(lying) + 24, 100, true);
    await expect(readFirst(lying)).rejects.toThrow(archiveError(/more than its declared size/));
    new DataView(lying.buffer).setUint32(centralRecord(lying) + 24, 10_000, true);
    await expect(readFirst(lying)).rejects.toThrow(archiveError(/not of its declared size/));
  });

  it("notices damaged bytes, stored or compressed", async () => {
    const stored = await zip({ "a.txt": CONTENT }, { level: 0 });
    stored[60]! ^= 1;
    await expect(readFirst(stored)).rejects.toThrow(archiveError(/checksum/));
    const packed = await zip({ "a.txt": CONTENT });
    packed.fill(0xff, 36, 46);
    await expect(readFirst(packed)).rejects.toThrow(archiveError(/damaged/));
  });

  it("names encrypted members", async () => {
    const secret = await zip({ "a.txt": CONTENT }, { password: "secret" });
    await expect(readFirst(secret)).rejects.toThrow(archiveError(/a\.txt: encrypted/));
  });

  it("slices large members that are stored, and no others", async () => {
    const large = "x".repeat(2 ** 20);
    const [stored, small] = await list(await zip({ "a.npy": large, "b.txt": "b" }, { level: 0 }));
    expect(await stored!.blob?.text()).toBe(large);
    expect(small).not.toHaveProperty("blob");
    const [packed] = await list(await zip({ "a.npy": `${large}${CONTENT}` }));
    expect(packed).not.toHaveProperty("blob");
  });

  it("refuses links", async () => {
    const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
    await writer.add("passwd", new TextReader("/etc/passwd"), { unixMode: 0o120777 });
    const { members, refused } = await listZip(await writer.close(), "a.zip", { signal: SIGNAL });
    expect(members).toEqual([]);
    expect(refused).toEqual([expect.objectContaining({ name: "passwd" })]);
  });

  it("stops when told to", async () => {
    const bytes = await zip({ "a.txt": CONTENT });
    const stopped = AbortSignal.abort();
    await expect(listZip(new Blob([bytes]), "a.zip", { signal: stopped })).rejects.toHaveProperty(
      "name",
      "AbortError",
    );
  });
});
