import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Progress } from "../../../src/core/progress";
import { fetchSample } from "../../../src/engine/importing/fetchSample";
import { sha256 } from "../../../src/engine/sha256";

const BYTES = new Uint8Array(300_000).map((_, i) => (i * 31) % 251);
const server = createServer((request, response) => {
  if (request.url !== "/site/samples/a.zip") response.writeHead(404).end();
  else response.writeHead(200).end(BYTES);
});
let base: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/site/`; // TCP, so never a pipe name
});
afterAll(() => void server.close());

const spec = async () => ({
  id: "a",
  name: "A",
  summary: "",
  path: "samples/a.zip",
  sizeBytes: BYTES.length,
  sha256: await sha256(BYTES),
  license: "",
});

const get = async (change: object = {}, signal = new AbortController().signal) => {
  const progress: Progress[] = [];
  const sample = { ...(await spec()), ...change };
  const file = await fetchSample(sample, base, signal, (event) => progress.push(event));
  return { file, progress };
};

describe("fetchSample", () => {
  it("downloads beside the site's base and reports every byte", async () => {
    const { file, progress } = await get();
    const bytes = new Uint8Array(await file.arrayBuffer());
    expect(file.name).toBe("a.zip");
    expect(BYTES.every((byte, i) => byte === bytes[i])).toBe(true);
    expect(progress.at(-1)).toEqual({
      stage: "download",
      done: BYTES.length,
      total: BYTES.length,
      unit: "bytes",
    });
    expect(progress.every(({ done }, i) => done > (progress[i - 1]?.done ?? 0))).toBe(true);
  });

  it.each([
    ["missing", { path: "samples/b.zip" }, /HTTP 404/],
    ["damaged", { sha256: "0".repeat(64) }, /SHA-256/],
    ["too short", { sizeBytes: BYTES.length + 1 }, /cut off/],
    ["too long", { sizeBytes: BYTES.length - 1 }, /longer/],
  ])("refuses a sample that is %s", async (_name, change, detail) => {
    await expect(get(change)).rejects.toThrow(
      expect.objectContaining({ code: "import/sample", detail: expect.stringMatching(detail) }),
    );
  });

  it("is cancelled, not failed, when stopped", async () => {
    await expect(get({}, AbortSignal.abort())).rejects.toHaveProperty("code", "cancelled");
  });
});

it("hashes text as UTF-8 and bytes alike", async () => {
  const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; // FIPS 180-4, B.1
  expect(await sha256("abc")).toBe(abc);
  expect(await sha256(Uint8Array.of(97, 98, 99))).toBe(abc);
});
