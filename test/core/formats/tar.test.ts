import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  paddedTarSize,
  readLongName,
  readPaxRecords,
  readTarHeader,
  type TarHeader,
} from "../../../src/core/formats/tar";
import { tarHeader } from "../../support/tar";

const TEXT = new TextEncoder();

describe("readTarHeader", () => {
  it("reads name, size and kind", () => {
    expect(readTarHeader(tarHeader({ name: "a/b.jpg", size: 1234 }))).toEqual({
      kind: "file",
      name: "a/b.jpg",
      sizeBytes: 1234,
    });
  });

  it.each([
    ["0", "file"],
    ["\0", "file"],
    ["7", "file"],
    ["1", "link"],
    ["2", "link"],
    ["3", "device"],
    ["5", "directory"],
    ["6", "device"],
    ["S", "sparse"],
    ["x", "pax"],
    ["g", "globalPax"],
    ["L", "longName"],
    ["V", "other"],
  ])("takes flag %j for %s", (flag, kind) => {
    expect(readTarHeader(tarHeader({ flag }))).toHaveProperty("kind", kind);
  });

  it("joins ustar's prefix, and ignores what GNU keeps in its place", () => {
    const prefixed = tarHeader({ name: "b.jpg", prefix: "some/folder" });
    expect(readTarHeader(prefixed)).toHaveProperty("name", "some/folder/b.jpg");
    const gnu = tarHeader({ name: "b.jpg", prefix: "14172635", magic: "ustar  \0" });
    expect(readTarHeader(gnu)).toHaveProperty("name", "b.jpg");
  });

  it("knows an old tar's directory by its slash", () => {
    expect(readTarHeader(tarHeader({ name: "a/", flag: "\0" }))).toHaveProperty(
      "kind",
      "directory",
    );
  });

  it("reads sizes beyond 8 GB in base 256, and refuses those beyond 2^53", () => {
    const large = tarHeader({ size: 20 * 2 ** 30 });
    expect(readTarHeader(large)).toHaveProperty("sizeBytes", 20 * 2 ** 30);
    const absurd = tarHeader({ sizeField: Uint8Array.of(0xbf, ...Array(11).fill(0xff)) });
    expect(readTarHeader(absurd)).toBe("damaged");
  });

  it("reads names that are no UTF-8 as Latin-1", () => {
    const block = tarHeader({ rawName: Uint8Array.of(0x62, 0xfc, 0x2e, 0x74) });
    expect(readTarHeader(block)).toHaveProperty("name", "bü.t");
  });

  it("tells the end, a wrong checksum and a cut-off block", () => {
    expect(readTarHeader(new Uint8Array(512))).toBe("end");
    const block = tarHeader({});
    block[0]! ^= 1;
    expect(readTarHeader(block)).toBe("damaged");
    expect(readTarHeader(tarHeader({}).subarray(0, 511))).toBe("damaged");
    expect(readTarHeader(new Uint8Array())).toBe("damaged");
  });

  it("gives an answer for any bytes, and never a size that cannot be counted with", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 0, maxLength: 600 }),
        fc.array(fc.tuple(fc.nat(511), fc.nat(255)), { maxLength: 6 }),
        (noise, changes) => {
          const block = tarHeader({ name: "a.jpg", size: 9 });
          for (const [at, byte] of changes) block[at] = byte;
          for (const bytes of [noise, block, tarHeader({ sizeField: noise.slice(0, 12) })]) {
            const header = readTarHeader(bytes);
            if (typeof header === "string") continue;
            expect(Number.isSafeInteger((header satisfies TarHeader).sizeBytes)).toBe(true);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("readPaxRecords", () => {
  const record = (key: string, value: string) => {
    const rest = TEXT.encode(` ${key}=${value}\n`).length;
    let length = rest;
    while (String(length).length + rest !== length) length = String(length).length + rest;
    return `${length} ${key}=${value}\n`;
  };

  it("gives back what was written, whatever characters it holds", () => {
    const key = fc.string({ minLength: 1, unit: "grapheme" }).filter((k) => !k.includes("="));
    const value = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value)), (records) => {
        const bytes = TEXT.encode(records.map(([k, v]) => record(k, v)).join(""));
        expect(readPaxRecords(bytes)).toEqual(new Map(records));
      }),
    );
  });

  it("stops at a record of a wrong length, and reads any bytes", () => {
    const good = record("path", "a.jpg");
    expect(readPaxRecords(TEXT.encode(`${good}99 path=b\n`))).toEqual(new Map([["path", "a.jpg"]]));
    expect(readPaxRecords(TEXT.encode("0 a=b\n2 \n"))).toEqual(new Map());
    expect(readPaxRecords(TEXT.encode("99999999999999 a=b\n"))).toEqual(new Map());
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void readPaxRecords(bytes)));
  });
});

it("ends a long name at its NUL", () => {
  expect(readLongName(TEXT.encode("a/long/name.jpg\0rest"))).toBe("a/long/name.jpg");
});

it("pads contents to whole blocks", () => {
  expect([0, 1, 512, 513].map(paddedTarSize)).toEqual([0, 512, 512, 1024]);
});
