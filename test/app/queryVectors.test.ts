import type { QueryInput } from "../../src/core/domain/encodeRequest";
import { describe, expect, it } from "vitest";
import { QueryVectors } from "../../src/app/queryVectors";
import { sampleProject } from "../support/samples";

function counting() {
  const asked: QueryInput[] = [];
  const encoding = {
    async encodeBy(_choice: unknown, _modality: unknown, inputs: readonly QueryInput[]) {
      asked.push(...inputs);
      return { vectors: Float32Array.of(asked.length, 2), rows: 1, cols: 2, elapsedMs: 9 };
    },
  };
  return { asked, vectors: new QueryVectors(encoding) };
}
const project = sampleProject();

describe("QueryVectors", () => {
  it("encodes a text once and gives every asker an array of its own", async () => {
    const { asked, vectors } = counting();
    const first = await vectors.of(project, "text", { text: "cat" });
    structuredClone(first.vector, { transfer: [first.vector.buffer] }); // as a message does
    const again = await vectors.of(project, "text", { text: "cat" });
    expect([...again.vector]).toEqual([1, 2]);
    expect([first.elapsedMs, again.elapsedMs]).toEqual([9, 0]);
    expect(asked).toHaveLength(1);
  });

  it("encodes again with another encoder, pooling or layer", async () => {
    const { asked, vectors } = counting();
    await vectors.of(project, "text", { text: "cat" });
    const { text } = project.encoders;
    const encoders = { ...project.encoders, text: { ...text, layer: "layer3" } };
    await vectors.of({ ...project, encoders }, "text", { text: "cat" });
    expect(asked).toHaveLength(2);
  });

  it("knows a picture by itself, not by what it holds", async () => {
    const { asked, vectors } = counting();
    const image = new Blob(["a"]);
    await vectors.of(project, "image", { image });
    await vectors.of(project, "image", { image });
    await vectors.of(project, "image", { image: new Blob(["b"]) });
    expect(asked).toHaveLength(2);
  });

  it("forgets the oldest of many, and keeps what is asked again", async () => {
    const { asked, vectors } = counting();
    for (let i = 0; i < 64; i++) await vectors.of(project, "text", { text: `word ${i}` });
    await vectors.of(project, "text", { text: "word 0" });
    await vectors.of(project, "text", { text: "one more" });
    await vectors.of(project, "text", { text: "word 0" });
    expect(asked).toHaveLength(65);
    await vectors.of(project, "text", { text: "word 1" });
    expect(asked).toHaveLength(66);
  });
});
