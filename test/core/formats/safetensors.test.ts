import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeElements } from "../../../src/core/formats/arrayElements";
import {
  readSafetensorsHeader,
  safetensorsHeaderLength,
  writeSafetensors,
} from "../../../src/core/formats/safetensors";
import { AppError } from "../../../src/core/errors";
import { mutated } from "../../support/mutate";

function read(file: Uint8Array) {
  const headerBytes = safetensorsHeaderLength(file, file.length, "a.safetensors");
  const json = new TextDecoder().decode(file.subarray(8, 8 + headerBytes));
  return readSafetensorsHeader(json, {
    headerBytes,
    sizeBytes: file.length,
    name: "a.safetensors",
  });
}

function framed(json: string, data = 16): Uint8Array {
  const header = new TextEncoder().encode(json);
  const file = new Uint8Array(8 + header.length + data);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  return file;
}

const tensor = (from: number, to: number, shape = "[2]", dtype = "F32") =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${from},${to}]}`;

const refusal = (file: Uint8Array) => {
  try {
    read(file);
    return "read";
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: "import/embeddings" });
    return (thrown as AppError).detail;
  }
};

it("reads a blank-padded header, scalars and empty tensors", () => {
  const json = `{"a":${tensor(0, 0, "[0]")},"b":${tensor(0, 4, "[]")},"c":${tensor(4, 16, "[3]")}}   `;
  expect(read(framed(json)).tensors.map(({ name, shape }) => [name, shape])).toEqual([
    ["a", [0]],
    ["b", []],
    ["c", [3]],
  ]);
});

it("names types it will not read as embeddings, instead of failing", () => {
  const json = `{"ids":${tensor(0, 16, "[2]", "I64")}}`;
  expect(read(framed(json)).tensors).toMatchObject([{ dtype: "I64", type: null }]);
});

it("reads BF16 and F16", () => {
  const types = (dtype: string) => read(framed(`{"a":${tensor(0, 16, "[8]", dtype)}}`)).tensors;
  expect(types("BF16")[0]?.type).toBe("bf16");
  expect(types("F16")[0]?.type).toBe("f2");
});

describe("what is refused, and why", () => {
  it.each([
    ["an overlap", `{"a":${tensor(0, 8)},"b":${tensor(4, 12)}}`, 12, /“b” overlaps/],
    ["a hole", `{"a":${tensor(0, 8)},"b":${tensor(12, 20)}}`, 20, /“b” leaves a hole/],
    ["trailing bytes", `{"a":${tensor(0, 8)}}`, 9, /tensors end at byte/],
    ["a short file", `{"a":${tensor(0, 8)}}`, 4, /tensors end at byte/],
    ["a repeated name", `{"a":${tensor(0, 8)},"\\u0061":${tensor(8, 16)}}`, 16, /“a” comes twice/],
    ["swapped offsets", `{"a":${tensor(8, 0)}}`, 8, /ends before it starts/],
    ["a shape that does not fit", `{"a":${tensor(0, 8, "[3]")}}`, 8, /has 8 bytes for the shape/],
    [
      "a product that overflows",
      `{"a":${tensor(0, 8, "[4294967296,4294967296,4294967296]")}}`,
      8,
      /has 8 bytes for the shape/,
    ],
    ["a number as metadata", `{"__metadata__":{"n":1}}`, 0, /texts only/],
    ["an unknown type", `{"a":${tensor(0, 8, "[2]", "F99")}}`, 8, /unknown type F99/],
    ["no tensor object", `{"a":7}`, 0, /not described/],
    ["a list", `[1]`, 0, /does not start with/],
    ["broken JSON", `{"a":`, 0, /not JSON/],
  ])("%s", (_name, json, data, reason) => {
    expect(refusal(framed(json, data))).toMatch(reason);
  });

  it("a header longer than the file, or than 100 MB", () => {
    expect(refusal(Uint8Array.of(200, 0, 0, 0, 0, 0, 0, 0))).toMatch(/longer than the file/);
    expect(refusal(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 255))).toMatch(/over 100 MB/);
    expect(refusal(Uint8Array.of(1, 2))).toMatch(/too short/);
  });
});

it("reads back what it wrote: names, shapes, numbers, metadata as texts", () => {
  const tensors = fc.uniqueArray(
    fc.record({
      name: fc.string({ unit: "grapheme" }).filter((name) => name !== "__metadata__"),
      values: fc.array(fc.integer({ min: -2048, max: 2048 }), { maxLength: 9 }),
      type: fc.constantFrom("f2" as const, "f4" as const),
    }),
    { selector: ({ name }) => name, maxLength: 5 },
  );
  fc.assert(
    fc.property(tensors, fc.dictionary(fc.string(), fc.nat()), (list, metadata) => {
      const file = writeSafetensors(
        list.map(({ values, ...rest }) => {
          return { ...rest, shape: [values.length], values: Float32Array.from(values) };
        }),
        metadata,
      );
      const back = read(file);
      expect(back.metadata).toEqual(
        Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, String(value)])),
      );
      const found = back.tensors.map(({ name, type, shape, offset, sizeBytes }) => {
        const numbers = decodeElements(file.subarray(offset, offset + sizeBytes), type ?? "u1");
        return { name, type, values: [...numbers], rows: shape[0] };
      });
      const byName = <T extends { name: string }>(all: T[]) =>
        all.sort((a, b) => (a.name < b.name ? -1 : 1));
      expect(byName(found)).toEqual(
        byName(list.map((entry) => ({ ...entry, rows: entry.values.length }))),
      );
    }),
  );
});

it("answers a damaged file with a typed error or tensors inside the file", () => {
  const file = writeSafetensors(
    [
      { name: "image", shape: [2, 3], values: new Float32Array(6) },
      { name: "text", shape: [2, 2], values: new Float32Array(4), type: "f2" },
    ],
    { made: "here" },
  );
  for (const damaged of mutated(file, 1_000)) {
    try {
      for (const { offset, sizeBytes } of read(damaged).tensors) {
        expect(offset + sizeBytes).toBeLessThanOrEqual(damaged.length);
      }
    } catch (thrown) {
      expect(thrown).toMatchObject({ name: "AppError", code: "import/embeddings" });
    }
  }
});
