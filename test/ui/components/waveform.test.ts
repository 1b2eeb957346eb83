import { afterEach, expect, it, vi } from "vitest";
import { peaksOf, soundPeaks, waveformPath } from "../../../src/ui/components/waveform";

afterEach(() => vi.unstubAllGlobals());

it("takes the loudest sample of each stretch over all channels, scaled to 1", () => {
  const left = Float32Array.of(0.1, -0.2, 0, 0.1);
  const right = Float32Array.of(0, 0, -0.4, 0.3);
  expect([...peaksOf([left, right], 2)]).toEqual([expect.closeTo(0.5, 6), 1]);
});

it("gives zeros for silence, no samples and no channels", () => {
  for (const channels of [[new Float32Array(9)], [new Float32Array(0)], []]) {
    expect([...peaksOf(channels, 3)]).toEqual([0, 0, 0]);
  }
});

it("gives every bar a sample where there are fewer samples than bars", () => {
  expect([...peaksOf([Float32Array.of(0.5, 1)], 4)]).toEqual([0.5, 0.5, 1, 1]);
});

it("draws a bar around the middle for each peak, never none", () => {
  expect(waveformPath(Float32Array.of(1, 0), 20, 10)).toBe("M5.0 0.0V10.0M15.0 4.5V5.5");
});

class FakeContext {
  static decoded = 0;
  async decodeAudioData() {
    FakeContext.decoded++;
    return { numberOfChannels: 1, getChannelData: () => Float32Array.of(0.5) };
  }
}

it("decodes a sound once, and not at all when its card is gone", async () => {
  vi.stubGlobal("OfflineAudioContext", FakeContext);
  const read = async () => new Blob(["x"]);
  expect(await soundPeaks("gone", read, () => false)).toBeNull();
  expect(FakeContext.decoded).toBe(0);
  const peaks = await soundPeaks("gone", read, () => true);
  expect(await soundPeaks("gone", read, () => true)).toBe(peaks);
  expect(FakeContext.decoded).toBe(1);
});

it("goes on with the next sound after one that cannot be read", async () => {
  vi.stubGlobal("OfflineAudioContext", FakeContext);
  const broken = soundPeaks(
    "broken",
    () => Promise.reject(new Error("missing")),
    () => true,
  );
  await expect(broken).rejects.toThrow("missing");
  expect(
    await soundPeaks(
      "whole",
      async () => new Blob(["x"]),
      () => true,
    ),
  ).not.toBeNull();
});

it("does not decode a file of hundreds of megabytes", async () => {
  const large = { size: 300_000_000 } as Blob;
  expect(
    await soundPeaks(
      "large",
      async () => large,
      () => true,
    ),
  ).toBeNull();
});
