import { describe, expect, it } from "vitest";
import { checkMedia, type CheckOptions } from "../../../src/engine/importing/checkMedia";
import { headerProbe, png, pngHeader } from "../../support/importing";
import { flacHeader, mp3, wav } from "../../support/sounds";

function check(bytes: Uint8Array<ArrayBuffer>, options: Partial<CheckOptions> = {}) {
  const entry = { path: "a", sizeBytes: bytes.length, read: async () => bytes };
  const signal = new AbortController().signal;
  return checkMedia(entry, { media: "image", probe: headerProbe, signal, ...options });
}

const never = () => Promise.reject(new Error("decoded"));

describe("a picture", () => {
  it("is decoded once, which gives thumbnail and look", async () => {
    const thumbnail = new Blob(["small"]);
    const probe = async () => ({ width: 5, height: 7, look: "00ff00ff00ff00ff", thumbnail });
    expect(await check(png(1), { probe })).toMatchObject({
      facts: { width: 5, height: 7, look: "00ff00ff00ff00ff" },
      thumbnail,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it("is taken by its header alone where no probe is given", async () => {
    expect(await check(png(1, 4, 5), { probe: null })).toMatchObject({
      facts: { width: 4, height: 5 },
    });
    expect(await check(new TextEncoder().encode("<svg/>"), { probe: null })).toHaveProperty(
      "fault.topic",
      "SVG",
    );
  });

  it.each([
    [8001, 8001],
    [16_000, 16_000],
    [30_000, 30_000],
  ])("is refused as a decompression bomb by its header: %i × %i", async (width, height) => {
    const outcome = await check(pngHeader(width, height), { probe: never });
    expect(outcome).toMatchObject({ fault: { reason: expect.stringMatching(/^too large \(/) } });
  });
});

describe("a recording", () => {
  const sound = (bytes: Uint8Array<ArrayBuffer>) => check(bytes, { media: "audio", probe: never });

  it("is taken by its header, under the type of its content", async () => {
    const outcome = await sound(wav(1.5));
    expect(outcome).toMatchObject({ facts: { durationMs: 1500 }, blob: { type: "audio/wav" } });
  });

  it("of ten silent hours is refused by its header", async () => {
    expect(await sound(flacHeader(10 * 3600 * 44_100))).toMatchObject({
      fault: { reason: "too long (600 min)" },
    });
  });

  it("that is cut off is taken as far as it goes; what is none is refused", async () => {
    const whole = mp3(50, { xing: true });
    expect(await sound(whole.slice(0, 1000))).toHaveProperty("facts.durationMs");
    expect(await sound(png(1))).toHaveProperty("fault.topic", "not a recording");
    expect(await sound(new Uint8Array())).toHaveProperty("fault.topic", "zero bytes");
  });
});
