import { crc32 as reference } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { crc32 } from "../../../src/core/formats/crc32";

it("is the check value of the standard for 123456789", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});

it("equals zlib for any bytes", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => crc32(bytes) === reference(bytes)));
});
