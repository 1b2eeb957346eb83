import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/core/errors";
import { listTar } from "../../../src/engine/importing/tarEntries";
import { blocks, tar, tarHeader } from "../../support/tar";

const SIGNAL = new AbortController().signal;
const TEXT = new TextDecoder();
const END = new Uint8Array(1024);

const list = (bytes: Uint8Array<ArrayBuffer>, signal = SIGNAL) =>
  listTar(new Blob([bytes]), "data.tar", { signal });

async function contents(bytes: Uint8Array<ArrayBuffer>): Promise<[string, string][]> {
  const { members } = await list(bytes);
  return Promise.all(
    members.map(async (member): Promise<[string, string]> => {
      return [member.name, TEXT.decode(await member.read(SIGNAL))];
    }),
  );
}

const refusedBy = async (bytes: Uint8Array<ArrayBuffer>) =>
  (await list(bytes)).refused.map(({ name, fault }) => `${name}: ${fault.reason}`);

const archiveError = (detail: RegExp) =>
  expect.objectContaining({ code: "import/archive", detail: expect.stringMatching(detail) });

describe("listTar", () => {
  it("gives what another writer wrote, bytes and order, by reading and by slicing", async () => {
    const name = fc.stringMatching(/^[a-zé]{1,9}(\/[a-z]{1,200}){0,2}\.(txt|png)$/);
    const file = fc.tuple(
      name,
      fc.uint8Array({ maxLength: 1500 }).map((b) => new Uint8Array(b)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(file, { maxLength: 5 }), async (written) => {
        const { members, refused } = await list(await tar(written));
        expect(refused).toEqual([]);
        const read = await Promise.all(
          members.map(async (member) => [member.name, await member.read(SIGNAL)]),
        );
        expect(read).toEqual(written);
        for (const [i, { blob }] of members.entries()) {
          expect(new Uint8Array(await blob!.arrayBuffer())).toEqual(written[i]![1]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("reads pax and GNU long names, for the next member only", async () => {
    const long = `${"folder/".repeat(40)}a.txt`;
    const record = `${String(long.length + 10)} path=${long}\n`;
    expect(record.length).toBe(long.length + 10);
    const pax = tarHeader({ flag: "x", size: record.length, name: "PaxHeader" });
    const gnu = tarHeader({ flag: "L", size: long.length + 1, name: "././@LongLink" });
    const member = (name: string) => tarHeader({ name, size: 3 });
    const bytes = blocks(
      ...[pax, record, member("cut"), "one"],
      ...[gnu, `${long}\0`, member("cut"), "two"],
      ...[member("b.txt"), "six", END],
    );
    expect(await contents(bytes)).toEqual([
      [long, "one"],
      [long, "two"],
      ["b.txt", "six"],
    ]);
  });

  it("takes a pax size over the header's, and global records for all", async () => {
    const global = tarHeader({ flag: "g", size: 12 });
    const local = tarHeader({ flag: "x", size: 9 });
    const bytes = blocks(
      ...[global, "12 comment=\n"],
      ...[local, "9 size=5\n", tarHeader({ name: "a.txt", size: 0 }), "hello"],
      ...[tarHeader({ name: "b.txt", size: 2 }), "ok", END],
    );
    expect(await contents(bytes)).toEqual([
      ["a.txt", "hello"],
      ["b.txt", "ok"],
    ]);
  });

  it("refuses links, devices and files with holes one by one, with the reason", async () => {
    const bytes = blocks(
      tarHeader({ name: "etc", flag: "2" }),
      tarHeader({ name: "hard", flag: "1", size: 99 }),
      tarHeader({ name: "null", flag: "3" }),
      ...[tarHeader({ name: "holes", flag: "S", size: 4 }), "data"],
      tarHeader({ name: "folder/", flag: "5" }),
      ...[tarHeader({ name: "a.txt", size: 2 }), "ok", END],
    );
    expect(await contents(bytes)).toEqual([["a.txt", "ok"]]);
    expect(await refusedBy(bytes)).toEqual([
      "etc: refused: a link to another file",
      "hard: refused: a link to another file",
      "null: refused: a device",
      "holes: refused: a file with holes (sparse)",
    ]);
  });

  it("reports a last member that is cut off, and one whose size lies", async () => {
    const whole = await tar([
      ["a.txt", "one"],
      ["b.txt", "x".repeat(2000)],
    ]);
    const cut = whole.slice(0, 1024 + 512 + 700);
    expect(await contents(cut)).toEqual([["a.txt", "one"]]);
    expect(await refusedBy(cut)).toEqual([
      "b.txt: the archive ends 1,300 bytes before this file does",
    ]);
    const lying = blocks(tarHeader({ name: "a.txt", size: 2 ** 50 }), "x", END);
    expect((await refusedBy(lying))[0]).toMatch(/^a\.txt: the archive ends/);
  });

  it("uses what comes before damage and says how much cannot be read", async () => {
    const whole = await tar([
      ["a.txt", "one"],
      ["b.txt", "two"],
    ]);
    whole[1024 + 20] = 7;
    expect(await contents(whole)).toEqual([["a.txt", "one"]]);
    expect(await refusedBy(whole)).toEqual([
      expect.stringMatching(
        /^data\.tar, after a\.txt: the archive is damaged here; the [\d,]+ bytes/,
      ),
    ]);
  });

  it("needs no closing zeros", async () => {
    expect(await contents(blocks(tarHeader({ name: "a.txt", size: 2 }), "ok"))).toEqual([
      ["a.txt", "ok"],
    ]);
  });

  it("refuses what is no tar, what is empty, and absurdly long names", async () => {
    await expect(list(new TextEncoder().encode("x".repeat(2000)))).rejects.toThrow(
      archiveError(/^data\.tar: it is not a tar/),
    );
    await expect(list(new Uint8Array())).rejects.toThrow(archiveError(/it is empty/));
    const name = tarHeader({ flag: "L", size: 2 ** 30 });
    await expect(list(name)).rejects.toThrow(archiveError(/a file name of/));
  });

  it("stops when told to", async () => {
    const bytes = await tar([["a.txt", "one"]]);
    await expect(list(bytes, AbortSignal.abort())).rejects.toHaveProperty("name", "AbortError");
  });

  it("gives typed errors only, and nothing outside the archive, for changed bytes", async () => {
    const good = await tar([
      ["a.txt", "one"],
      [`${"long/".repeat(60)}b.png`, "two"],
      ["c.json", "{}"],
    ]);
    const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 8 }),
        fc.nat(good.length),
        async (changes, length) => {
          const bytes = good.slice(0, Math.max(length, 600));
          for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
          try {
            const { members } = await list(bytes);
            for (const { sizeBytes, blob } of members) expect(blob?.size).toBe(sizeBytes);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(AppError);
            expect(thrown).toHaveProperty("code", "import/archive");
          }
        },
      ),
      { numRuns: 1_500 },
    );
  });
});
