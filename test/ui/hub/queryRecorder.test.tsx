// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RecorderPanel } from "../../../src/ui/features/hub/query/RecorderPanel";
import { useRecorder, type Recording } from "../../../src/ui/features/hub/query/useRecorder";

URL.createObjectURL ??= () => "blob:x";
URL.revokeObjectURL ??= () => {};

/** What the fake microphone hears, and what became of it. */
interface Microphone {
  samples: number[];
  refusal: string | null;
  readonly asked: MediaStreamConstraints[];
  stopped: number;
}
let microphone: Microphone;

class FakeRecorder extends EventTarget {
  static isTypeSupported = (type: string) => type.startsWith("audio/webm");
  state = "inactive";
  readonly mimeType = "audio/webm;codecs=opus";
  start() {
    this.state = "recording";
  }
  stop() {
    this.state = "inactive";
    const data = new Blob(["sound"], { type: this.mimeType });
    data.arrayBuffer = async () => new ArrayBuffer(8); // jsdom's has none
    queueMicrotask(() => {
      this.dispatchEvent(Object.assign(new Event("dataavailable"), { data }));
      this.dispatchEvent(new Event("stop"));
    });
  }
}

class FakeContext {
  readonly destination = {};
  createAnalyser = () => ({
    fftSize: 0,
    getFloatTimeDomainData: (into: Float32Array) => into.fill(microphone.samples[0] ?? 0),
  });
  createMediaStreamSource = () => ({ connect() {} });
  close = async () => {};
  decodeAudioData = async () => ({
    duration: 1.2,
    numberOfChannels: 1,
    getChannelData: () => Float32Array.from(microphone.samples),
  });
}

beforeEach(() => {
  microphone = { samples: [0.3, -0.3], refusal: null, asked: [], stopped: 0 };
  vi.stubGlobal("MediaRecorder", FakeRecorder);
  vi.stubGlobal("AudioContext", FakeContext);
  vi.stubGlobal("OfflineAudioContext", FakeContext);
  Blob.prototype.arrayBuffer ??= async () => new ArrayBuffer(8);
  Object.defineProperty(navigator, "mediaDevices", {
    configurable: true,
    value: {
      getUserMedia: async (constraints: MediaStreamConstraints) => {
        microphone.asked.push(constraints);
        if (microphone.refusal !== null) {
          throw Object.assign(new Error("no"), { name: microphone.refusal });
        }
        return { getTracks: () => [{ stop: () => microphone.stopped++ }] };
      },
    },
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
  Object.defineProperty(navigator, "mediaDevices", { configurable: true, value: undefined });
});

function Screen({ onRecorded }: { readonly onRecorded: (recording: Recording) => void }) {
  const recorder = useRecorder(onRecorded);
  return (
    <>
      <button type="button" onClick={() => void recorder.start()}>
        Record
      </button>
      <RecorderPanel recorder={recorder} />
    </>
  );
}

function open() {
  const recorded = vi.fn();
  return { ...render(<Screen onRecorded={recorded} />), recorded };
}
const record = async () => {
  fireEvent.click(screen.getByText("Record"));
  return screen.findByRole("button", { name: "Stop recording" });
};

it("asks for the microphone only at a click, for the sound as it is", async () => {
  open();
  expect(microphone.asked).toEqual([]);
  await record();
  expect(microphone.asked).toEqual([
    { audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } },
  ]);
});

it("gives what was recorded, lets go of the microphone, and offers to hear, save and repeat it", async () => {
  const { recorded } = open();
  const stop = await record();
  expect(document.activeElement).toBe(stop); // so that Space ends it
  await screen.findByRole("meter", { name: "Level of the microphone" });
  fireEvent.click(stop);
  await screen.findByLabelText("Play the recording");
  expect(recorded).toHaveBeenCalledOnce();
  expect(recorded.mock.calls[0]?.[0]).toMatchObject({ durationMs: 1200 });
  expect(microphone.stopped).toBe(1);
  expect(screen.getByText("Save this recording")).toBeTruthy();
  fireEvent.click(screen.getByText("Record again"));
  await screen.findByRole("button", { name: "Stop recording" });
  expect(microphone.asked).toHaveLength(2);
});

it("ends by itself after 15 seconds", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  const { recorded } = open();
  await record();
  vi.advanceTimersByTime(14_900);
  expect(microphone.stopped).toBe(0);
  vi.advanceTimersByTime(200);
  await screen.findByLabelText("Play the recording");
  expect(recorded).toHaveBeenCalledOnce();
});

it("forgets the recording at Escape and when the screen is left", async () => {
  const { recorded, unmount } = open();
  fireEvent.keyDown(await record(), { key: "Escape" });
  expect(screen.queryByText("Stop recording")).toBeNull();
  expect(microphone.stopped).toBe(1);
  await record();
  unmount();
  expect(microphone.stopped).toBe(2);
  expect(recorded).not.toHaveBeenCalled();
});

it.each([
  ["NotAllowedError", "The browser was not allowed to use the microphone."],
  ["NotFoundError", "No microphone was found."],
  ["NotReadableError", "The recording did not work."],
])("says what to do after %s, and tries again at a click", async (name, message) => {
  microphone.refusal = name;
  open();
  fireEvent.click(screen.getByText("Record"));
  await screen.findByText(message);
  microphone.refusal = null;
  fireEvent.click(screen.getByText("Try again"));
  await screen.findByRole("button", { name: "Stop recording" });
});

it("asks nothing with a recording in which nothing was heard", async () => {
  microphone.samples = [0, 0.001];
  const { recorded } = open();
  fireEvent.click(await record());
  await screen.findByText("Nothing was heard.");
  expect(recorded).not.toHaveBeenCalled();
  expect(microphone.stopped).toBe(1);
});

it("says where a page may use a microphone, on one that may not", async () => {
  Object.defineProperty(navigator, "mediaDevices", { configurable: true, value: undefined });
  vi.stubGlobal("isSecureContext", false);
  open();
  fireEvent.click(screen.getByText("Record"));
  await screen.findByText("This page may not use a microphone.");
});
