import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAudioHeader } from "../../../src/core/formats/audioHeader";
import { flacHeader, mp3, mp4, ogg, wav } from "../../support/sounds";

const ascii = (text: string) => new TextEncoder().encode(text);

describe("readAudioHeader", () => {
  it("reads WAV, and believes the file rather than a size that is longer than it", () => {
    const header = { type: "audio/wav", durationMs: 500, rate: 8000, channels: 2 };
    expect(readAudioHeader(wav(0.5, { channels: 2 }))).toEqual(header);
    expect(readAudioHeader(wav(0.5, { channels: 2, statedBytes: 0xffffffff }))).toEqual(header);
  });

  it("reads FLAC, and says nothing where the writer did not know", () => {
    const header = { type: "audio/flac", durationMs: 36_000_000, rate: 44_100, channels: 2 };
    expect(readAudioHeader(flacHeader(36_000 * 44_100))).toEqual(header);
    expect(readAudioHeader(flacHeader(0))).toHaveProperty("durationMs", null);
  });

  it("reads Opus without its pre-skip, and Vorbis at its own rate", () => {
    expect(readAudioHeader(ogg("opus", 48_000 * 3 + 312))).toEqual({
      type: "audio/ogg",
      durationMs: 3000,
      rate: 48_000,
      channels: 2,
    });
    expect(readAudioHeader(ogg("vorbis", 22_050 * 2))).toMatchObject({
      durationMs: 2000,
      rate: 22_050,
    });
  });

  it("reads MP3 by bitrate, by its frame count where it has one, and behind a tag", () => {
    const plain = readAudioHeader(mp3(100));
    expect(plain).toMatchObject({ type: "audio/mpeg", rate: 44_100, channels: 2 });
    expect(plain?.durationMs).toBeCloseTo((417 * 100 * 8) / 128, 6);
    expect(readAudioHeader(mp3(2, { xing: true }))?.durationMs).toBeCloseTo(1152e6 / 44_100, 6);
    expect(readAudioHeader(mp3(100, { tagBytes: 300 }))?.durationMs).toBeCloseTo(2606.25, 6);
  });

  it("reads the sound track of an MP4 whose movie box comes last, and refuses one without", () => {
    expect(readAudioHeader(mp4("soun", 7))).toMatchObject({
      type: "audio/mp4",
      durationMs: 7000,
      rate: 44_100,
    });
    expect(readAudioHeader(mp4("vide", 7))).toBeUndefined();
  });

  it("knows AAC and WebM without their durations", () => {
    expect(readAudioHeader(Uint8Array.of(0xff, 0xf1, 0x50, 0x80, 0, 0x1f, 0xfc, 0))).toMatchObject({
      type: "audio/aac",
      durationMs: null,
    });
    expect(readAudioHeader(Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3, 0))).toHaveProperty(
      "type",
      "audio/webm",
    );
  });

  it("goes by content: text, pictures and a lone sync word are no recordings", () => {
    expect(readAudioHeader(ascii("a caption"))).toBeUndefined();
    expect(readAudioHeader(ascii("RIFF\0\0\0\0WEBPVP8 "))).toBeUndefined();
    expect(readAudioHeader(mp3(1))).toBeUndefined();
    expect(readAudioHeader(new Uint8Array())).toBeUndefined();
  });

  it("answers for cut-off and changed bytes, with durations that are numbers or null", () => {
    const samples = [
      wav(0.01),
      flacHeader(9),
      ogg("opus", 9),
      ogg("vorbis", 9),
      mp3(3, { xing: true }),
      mp4("soun", 1),
    ];
    const change = fc.tuple(fc.nat(600), fc.nat(255));
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.nat(600),
        fc.array(change, { maxLength: 6 }),
        (sample, length, changes) => {
          const bytes = sample.slice(0, length);
          for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
          const header = readAudioHeader(bytes);
          if (!header || header.durationMs === null) return;
          expect(Number.isFinite(header.durationMs) && header.durationMs >= 0).toBe(true);
        },
      ),
      { numRuns: 10_000 },
    );
  });
});
