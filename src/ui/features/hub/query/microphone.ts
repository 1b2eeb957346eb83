import { AppError, type ErrorCode } from "../../../../core/errors";

/** A recording that goes on. */
export interface LiveRecording {
  /** Loudest sample since it was asked last, in [0, 1]. */
  readonly level: () => number;
  /**
   * Ends it and gives what was recorded; the microphone is released at once.
   * @throws AppError `microphone/failed`.
   */
  readonly stop: () => Promise<Blob>;
  /** Releases the microphone and forgets what was recorded. */
  readonly cancel: () => void;
}

/** Containers in the order tried; every browser that records writes one of them. */
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"] as const;

/** By the name of what `getUserMedia` throws. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  NotAllowedError: "microphone/refused",
  SecurityError: "microphone/refused",
  NotFoundError: "microphone/none",
  OverconstrainedError: "microphone/none",
  DevicesNotFoundError: "microphone/none", // older Chromium
};

/**
 * Asks for the microphone and records from it, as it is: without the echo cancelling, noise
 * suppression and gain control that calls use, which change what an encoder hears.
 *
 * @throws AppError `microphone/insecure`, `microphone/refused`, `microphone/none`,
 *   `microphone/failed`.
 */
export async function startRecording(): Promise<LiveRecording> {
  // Without a secure context the browser has no such property, whatever its type says.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices || typeof MediaRecorder === "undefined") {
    throw new AppError(window.isSecureContext ? "microphone/failed" : "microphone/insecure");
  }
  const stream = await devices
    .getUserMedia({
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    })
    .catch((thrown: unknown) => {
      throw microphoneError(thrown);
    });
  const release = () => stream.getTracks().forEach((track) => track.stop());
  try {
    return record(stream, release);
  } catch (thrown) {
    release();
    throw microphoneError(thrown);
  }
}

function record(stream: MediaStream, release: () => void): LiveRecording {
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(stream, mimeType === undefined ? {} : { mimeType });
  const parts: Blob[] = [];
  const ended = new Promise<Blob>((resolve, reject) => {
    recorder.addEventListener("dataavailable", ({ data }) => data.size > 0 && parts.push(data));
    recorder.addEventListener("stop", () => resolve(new Blob(parts, { type: recorder.mimeType })));
    recorder.addEventListener("error", (event) => reject(microphoneError(event)));
  });
  ended.catch(() => {}); // whoever stops the recording meets the fault
  const meter = startMeter(stream);
  const end = () => {
    if (recorder.state !== "inactive") recorder.stop();
    release();
    meter.close();
  };
  recorder.start();
  return {
    level: meter.level,
    stop: () => {
      end();
      return ended;
    },
    cancel: end,
  };
}

/** How loud the microphone is now. */
function startMeter(stream: MediaStream) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 2048; // 43 ms at 48 kHz: read 20 times a second, little is missed
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    level: () => {
      analyser.getFloatTimeDomainData(samples);
      return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    },
    close: () => void context.close().catch(() => {}), // closed already: nothing to release
  };
}

/** What went wrong with a microphone, with the browser's own words. */
export function microphoneError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const { name = "", message = "" } = (thrown ?? {}) as Partial<Error>; // whatever a browser throws
  const code = CODES[name] ?? "microphone/failed";
  return new AppError(code, message, { cause: thrown });
}
