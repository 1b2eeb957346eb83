import { expect, it } from "vitest";
import { packProjector, unpackProjector } from "../../../src/core/formats/projectorFile";
import type { Projector } from "../../../src/core/domain/projector";
import { identityProjector } from "../../support/samples";

it.each<[string, Projector]>([
  ["linear", identityProjector("text", 3)],
  [
    "asif, whose settings are scalars",
    {
      kind: "asif",
      modality: "text",
      inputWidth: 2,
      dimension: 1,
      tensors: {
        anchors: { shape: [1, 2], data: Float32Array.of(0.6, -0.8) },
        neighbours: { shape: [], data: Float32Array.of(4) },
        power: { shape: [], data: Float32Array.of(8) },
      },
    },
  ],
  [
    "identity, which has no tensor",
    { kind: "identity", modality: "text", inputWidth: 2, dimension: 2, tensors: {} },
  ],
])("gives back what was packed: %s", (_name, projector) => {
  expect(unpackProjector(packProjector(projector))).toEqual(projector);
});

it("refuses a file that was cut", () => {
  const bytes = packProjector(identityProjector("text", 3));
  const wrong = expect.objectContaining({ code: "import/embeddings" }) as Error;
  expect(() => unpackProjector(bytes.subarray(0, bytes.length - 4))).toThrow(wrong);
});
