import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeElements } from "../../../src/core/formats/arrayElements";
import { readNpyHeader, writeNpy } from "../../../src/core/formats/npy";
import { AppError } from "../../../src/core/errors";
import { mutated } from "../../support/mutate";

const read = (file: Uint8Array, size = file.length) => readNpyHeader(file, size, "a.npy");

/** A file with this header text, as numpy would frame it, and room for `data` bytes. */
function framed(header: string, data = 64, version = 1): Uint8Array<ArrayBuffer> {
  const prefix = version === 1 ? 10 : 12;
  const file = new Uint8Array(prefix + header.length + data);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  const view = new DataView(file.buffer);
  if (version === 1) view.setUint16(8, header.length, true);
  else view.setUint32(8, header.length, true);
  file.set(
    Uint8Array.from(header, (char) => char.charCodeAt(0)),
    prefix,
  );
  return file;
}

const dictionary = (descr: string, order = "False", shape = "(2, 4)") =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`;

const refusal = (file: Uint8Array, size?: number) => {
  try {
    read(file, size);
    return "read";
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(AppError);
    expect((thrown as AppError).code).toBe("import/embeddings");
    return (thrown as AppError).detail;
  }
};

describe("what numpy writes", () => {
  it.each([
    [1, "<f2", "f2", true],
    [2, "<f4", "f4", true],
    [3, "<f8", "f8", true],
    [1, ">f4", "f4", false],
    [1, "|i1", "i1", true],
    [1, "|u1", "u1", true],
  ])("version %i with %s", (version, descr, type, littleEndian) => {
    const header = read(framed(dictionary(descr), 64, version));
    expect(header).toMatchObject({ type, littleEndian, isFortran: false, shape: [2, 4] });
  });

  it("knows Fortran order and one dimension", () => {
    expect(read(framed(dictionary("<f4", "True"))).isFortran).toBe(true);
    expect(read(framed(dictionary("<f4", "False", "(7,)"))).shape).toEqual([7]);
    expect(read(framed(dictionary("<f4", "False", "()"))).shape).toEqual([]);
    expect(read(framed(dictionary("<f4", "False", "(0, 4)"), 0)).shape).toEqual([0, 4]);
  });
});

describe("what is refused, and why", () => {
  it.each([
    ["another file", Uint8Array.of(1, 2, 3), /not an npy file/],
    ["nothing", new Uint8Array(0), /not an npy file/],
    ["Python objects", framed(dictionary("|O")), /Python objects, which are never loaded/],
    [
      "a structured type",
      framed("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }"),
      /one plain array/,
    ],
    ["complex numbers", framed(dictionary("<c8")), /“<c8” are not read/],
    ["a later version", framed(dictionary("<f4"), 64, 9), /version 9/],
    [
      "more numbers than bytes",
      framed(dictionary("<f4", "False", "(5, 4)")),
      /\[5, 4\] needs more bytes/,
    ],
    [
      "a product that overflows",
      framed(dictionary("<f4", "False", "(4294967296, 4294967296)")),
      /needs more bytes/,
    ],
    ["a negative side", framed(dictionary("<f4", "False", "(-1, 4)")), /one plain array/],
  ])("%s", (_name, file, reason) => {
    expect(refusal(file)).toMatch(reason);
  });

  it("a header longer than the file", () => {
    const file = framed(dictionary("<f4"));
    expect(refusal(file, 20)).toMatch(/longer than the file/);
    expect(refusal(file.subarray(0, 9))).toMatch(/cut off/);
  });
});

it("reads back what it wrote, for any shape", () => {
  const arrays = fc
    .tuple(fc.nat(6), fc.nat(6))
    .chain(([n, d]) =>
      fc.tuple(
        fc.constant([n, d]),
        fc.array(fc.integer({ min: -2048, max: 2048 }), { minLength: n * d, maxLength: n * d }),
        fc.constantFrom("f2" as const, "f4" as const),
      ),
    );
  fc.assert(
    fc.property(arrays, ([shape, values, type]) => {
      const file = writeNpy(Float32Array.from(values), shape, type);
      const header = read(file);
      expect(header).toEqual({
        type,
        littleEndian: true,
        isFortran: false,
        shape,
        offset: header.offset,
      });
      expect(header.offset % 64).toBe(0);
      expect([...decodeElements(file.subarray(header.offset), type)]).toEqual(values);
    }),
  );
});

it("answers a damaged file with a typed error or a header inside the file", () => {
  const file = writeNpy(new Float32Array(12), [3, 4], "f2");
  for (const damaged of mutated(file, 1_000)) {
    try {
      const { offset, shape } = read(damaged);
      expect(offset + shape.reduce((a, b) => a * b, 1)).toBeLessThanOrEqual(damaged.length);
    } catch (thrown) {
      expect(thrown).toMatchObject({ name: "AppError", code: "import/embeddings" });
    }
  }
});
