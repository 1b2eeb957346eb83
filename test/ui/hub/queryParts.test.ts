import { describe, expect, it } from "vitest";
import type { HubMember } from "../../../src/core/domain/hub";
import { acceptOf, memberForFile } from "../../../src/ui/features/hub/query/droppedModality";
import {
  askedHubTerm,
  hubTermsOf,
  type FileTerm,
} from "../../../src/ui/features/hub/query/hubTerms";
import { heardIn, SILENCE } from "../../../src/ui/features/hub/query/listen";
import {
  itemsOf,
  namesToldApart,
  partnerOf,
  usualTarget,
} from "../../../src/ui/features/hub/query/memberWords";
import { microphoneError } from "../../../src/ui/features/hub/query/microphone";
import { fileNameOf } from "../../../src/ui/features/hub/query/RecorderPanel";
import { choicesOf, readersOf } from "../../../src/ui/features/hub/query/readers";
import { hubWithSounds, joinedMember } from "../../support/sampleHubs";

const { members } = hubWithSounds("p");
const [image, text, audio] = members;
if (!image || !text || !audio) throw new Error("the sample hub has three members");
const sensor = joinedMember({ hubId: "h1", projectId: "p", modality: "sensor" }, { id: "imu" });
const readers = readersOf(members);
const file = (name: string, type = "") => ({ name, type });
const term = (change: Partial<FileTerm>): FileTerm => ({
  ...{ kind: "file", key: "k", memberId: "sounds", name: "a.wav", isRecording: false, weight: 1 },
  blob: new Blob(["x"]),
  ...change,
});

describe("a dropped file", () => {
  it.each([
    [file("cat.png", "image/png"), image],
    [file("cat.wav", "audio/wav"), audio],
    [file("a film.MP4"), audio],
    [file("clip.mov", "video/quicktime"), audio],
    [file("walk.csv", "text/csv"), sensor],
    [file("walk.npy"), sensor],
  ])("%o goes to the member of its kind", (dropped, member) => {
    expect(memberForFile(dropped, readersOf([...members, sensor]))).toBe(member);
  });

  it("of a modality without a member, or of no known kind, goes to none", () => {
    expect(memberForFile(file("walk.csv"), readers)).toBeUndefined();
    expect(memberForFile(file("notes.txt", "text/plain"), readers)).toBeUndefined();
    expect(memberForFile(file(""), readers)).toBeUndefined();
  });

  it("is offered only where the hub has a member for it", () => {
    expect(acceptOf(readersOf([text]))).toBe("");
    expect(acceptOf(readers)).toBe("image/*,audio/*,video/*");
  });
});

describe("a term", () => {
  it("of words goes through the text member, with its weight", () => {
    const [words] = hubTermsOf("- grass", []);
    if (!words) throw new Error("one term");
    expect(askedHubTerm(words, members)).toEqual({
      ...{ kind: "input", memberId: "text", weight: -1, input: { text: "grass" } },
    });
  });

  it("that was recorded is trimmed, a dropped sound is taken as it is", () => {
    const recorded = askedHubTerm(term({ isRecording: true }), members);
    const dropped = askedHubTerm(term({}), members);
    expect(recorded).toMatchObject({ memberId: "sounds", input: { trim: true } });
    expect(dropped.kind === "input" && "trim" in dropped.input).toBe(false);
  });

  it("of a member that left is refused, not asked of another", () => {
    expect(() => askedHubTerm(term({ memberId: "gone" }), members)).toThrow(/a\.wav/);
  });
});

describe("members in words", () => {
  it("are called by their items, or by name where two are of one modality", () => {
    const second = joinedMember({ hubId: "h1", projectId: "q" }, { id: "birds", name: "Birds" });
    expect(itemsOf(audio, members)).toBe("sounds");
    expect(itemsOf(second, [...members, second])).toBe("Birds");
  });

  it("of one modality are told apart by project, by encoder without one, and by number at last", () => {
    const birds = joinedMember({ hubId: "h1", projectId: "q" }, { id: "b" });
    const pack = joinedMember({ hubId: "h1", projectId: "q" }, { id: "c", data: null });
    const named = (all: readonly HubMember[]) =>
      namesToldApart(all, {
        projectOf: ({ data }) => (data?.projectId === "q" ? "Birds" : data ? "Streets" : undefined),
        encoderOf: ({ encoder }) => encoder.id,
      });
    expect(named(members)).toEqual(["Images", "Captions", "Sounds"]);
    expect(named([...members, birds])).toEqual([
      ...["Images", "Captions", "Sounds of Streets", "Sounds of Birds"],
    ]);
    expect(named([audio, birds, birds, birds, pack])).toEqual([
      ...["Sounds of Streets", "Sounds of Birds", "Sounds of Birds by random-kernels"],
      ...["Sounds of Birds by random-kernels 2", "Sounds by random-kernels"],
    ]);
    expect(named([])).toEqual([]);
  });

  it("of one modality are read by the one that was chosen, else by the first", () => {
    const birds = joinedMember({ hubId: "h1", projectId: "q" }, { id: "birds" });
    const both = [...members, birds];
    expect(readersOf(both).get("audio")).toBe(audio);
    expect(readersOf(both, { audio: "birds" }).get("audio")).toBe(birds);
    expect(readersOf(both, { audio: "gone", image: "birds" }).get("audio")).toBe(audio);
    expect(readersOf(both, { image: "birds" }).get("image")).toBe(image);
    expect(readersOf([]).size).toBe(0);
    expect(choicesOf(members)).toEqual([]);
    expect(choicesOf(both)).toEqual([{ modality: "audio", members: [audio, birds] }]);
  });

  it("are searched for pictures first, and an item's partner is never its own member", () => {
    expect(usualTarget(members)).toBe("image");
    expect(usualTarget([text, audio])).toBe("sounds");
    expect(usualTarget([])).toBe("");
    expect(partnerOf("sounds", members)).toBe("image");
    expect(partnerOf("image", members)).toBe("text");
    expect(partnerOf("text", [text])).toBe("text");
  });
});

describe("a recording", () => {
  it("with a voice has its length and a waveform whose loudest is 1", () => {
    const heard = heardIn([Float32Array.from([0, 0.2, -0.4, 0])], 1300);
    expect(heard.durationMs).toBe(1300);
    expect(Math.max(...heard.peaks)).toBe(1);
  });

  it.each([
    ["no samples", []],
    ["digital silence", [0, 0, 0]],
    ["hiss below the floor", [SILENCE / 2, -SILENCE / 2]],
    ["nothing but NaN", [NaN, NaN]],
  ])("of %s is silent", (_, samples) => {
    expect(() => heardIn([Float32Array.from(samples)], 100)).toThrowError(
      expect.objectContaining({ code: "microphone/silent" }),
    );
    expect(() => heardIn([], 0)).toThrow();
  });

  it("is saved under the name of its kind and time", () => {
    const at = Date.UTC(2026, 10, 22, 3, 5, 9);
    const name = (type: string) => fileNameOf({ at, blob: new Blob([], { type }) });
    expect(name("audio/webm;codecs=opus")).toBe("recording-2026-11-22-03-05-09.webm");
    expect(name("audio/mp4")).toBe("recording-2026-11-22-03-05-09.m4a");
  });

  it.each([
    ["NotAllowedError", "microphone/refused"],
    ["NotFoundError", "microphone/none"],
    ["NotReadableError", "microphone/failed"],
    ["", "microphone/failed"],
  ])("that fails with %s says %s and why", (name, code) => {
    const error = microphoneError(Object.assign(new Error("the browser's words"), { name }));
    expect(error.code).toBe(code);
    expect(error.detail).toBe("the browser's words");
    expect(microphoneError(undefined).code).toBe("microphone/failed");
  });
});
