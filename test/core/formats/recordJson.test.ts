import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRecord, writeRecord } from "../../../src/core/formats/recordJson";

/** Through text and back, arrays by name. */
function roundTrip(value: unknown): unknown {
  const { json, tensors } = writeRecord(value);
  return readRecord(json, new Map(tensors.map((tensor) => [tensor.name, tensor])));
}

const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.double(),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.float32Array({ maxLength: 5 }),
    fc.uint32Array({ maxLength: 5 }),
    fc.float64Array({ maxLength: 5 }),
    fc.uint8Array({ maxLength: 5 }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom("$tensor", "$$", "shape", "data", "a/b", "a")),
      tie("value"),
      { maxKeys: 4 },
    ),
  ),
})).value;

describe("a record", () => {
  it("comes back bit for bit, whatever it holds", () => {
    fc.assert(
      fc.property(value, (record) => {
        fc.pre(!JSON.stringify(record).includes("__proto__"));
        expect(roundTrip(record)).toStrictEqual(plain(record));
      }),
    );
  });

  it("names a tensor by its place and keeps its shape", () => {
    const weights = { w: { shape: [2, 3], data: Float32Array.of(1, -0, 3e-45, 4, 5, 6) } };
    const { json, tensors } = writeRecord({ weights });
    expect(tensors.map(({ name, shape }) => [name, shape])).toEqual([["weights/w", [2, 3]]]);
    expect(json).toBe(`{"weights":{"w":{"$tensor":"weights/w"}}}`);
    expect(roundTrip({ weights })).toEqual({ weights });
  });

  it("keeps arrays apart whose places read the same", () => {
    const record = { a: { "b/c": Float32Array.of(1) }, "a/b": { c: Float32Array.of(2) } };
    expect(roundTrip(record)).toEqual(record);
  });

  it("writes only its own numbers of a view into a larger buffer", () => {
    const view = Uint32Array.of(1, 2, 3, 4).subarray(1, 3);
    expect(roundTrip({ view })).toEqual({ view: Uint32Array.of(2, 3) });
  });

  it.each([
    ["no JSON", "{"],
    ["a name without array", `{"$tensor":"w"}`],
    ["an unknown word", `{"$date":1}`],
    ["an unknown number", `{"$number":"1"}`],
    ["bytes that are none", `{"$bytes":["Uint8Array","0g"]}`],
    ["half a number", `{"$bytes":["Uint32Array","000000"]}`],
    ["another prototype", `{"a":{"__proto__":{"polluted":true}}}`],
  ])("is refused with %s", (_, json) => {
    expect(() => readRecord(json)).toThrow(
      expect.objectContaining({ code: "project-file/damaged" }) as Error,
    );
    expect("polluted" in {}).toBe(false);
  });

  it("of what cannot be written is refused by its place", () => {
    expect(() => writeRecord({ a: { b: new Map() } })).toThrow(/a\/b/);
  });
});

/** fast-check's dictionaries have no prototype; records have the usual one. */
function plain(record: unknown): unknown {
  if (Array.isArray(record)) return record.map(plain);
  if (record === null || typeof record !== "object" || ArrayBuffer.isView(record)) return record;
  return Object.fromEntries(Object.entries(record).map(([key, inner]) => [key, plain(inner)]));
}
