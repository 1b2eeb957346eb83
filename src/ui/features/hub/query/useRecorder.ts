import { useEffect, useRef, useState } from "react";
import type { AppError } from "../../../../core/errors";
import { listen, type Heard } from "./listen";
import { microphoneError, startRecording, type LiveRecording } from "./microphone";

/** A recording ends by itself after this long: a name takes two seconds. */
export const LONGEST_MS = 15_000;

const TICK_MS = 50;

/** What was recorded, for the screen and the query. */
export interface Recording extends Heard {
  readonly blob: Blob;
  /** When it was made. */
  readonly at: number;
}

export type RecorderState =
  | { readonly status: "idle" }
  /** The browser asks the visitor. */
  | { readonly status: "asking" }
  | { readonly status: "recording"; readonly elapsedMs: number; readonly level: number }
  | { readonly status: "listening" }
  | { readonly status: "recorded"; readonly recording: Recording }
  | { readonly status: "failed"; readonly error: AppError };

/**
 * Records from the microphone once it is asked to; nothing is stored. The microphone is released
 * when the recording ends and when the screen is left.
 */
export function useRecorder(onRecorded: (recording: Recording) => void) {
  const [state, setState] = useState<RecorderState>({ status: "idle" });
  const live = useRef<LiveRecording | null>(null);
  const turn = useRef(0); // of whom the microphone is: a later one, or leaving, ends those before
  const recorded = useRef(onRecorded);
  useEffect(() => {
    recorded.current = onRecorded;
  });
  const cancel = () => {
    turn.current++;
    live.current?.cancel();
    live.current = null;
  };
  useEffect(() => cancel, []);
  const fail = (thrown: unknown, mine: number) => {
    if (mine !== turn.current) return;
    cancel();
    setState({ status: "failed", error: microphoneError(thrown) });
  };
  const stop = async () => {
    const mine = turn.current;
    const ending = live.current;
    if (!ending) return;
    live.current = null;
    setState({ status: "listening" });
    try {
      const blob = await ending.stop();
      const recording = { blob, at: Date.now(), ...(await listen(blob)) };
      if (mine !== turn.current) return;
      setState({ status: "recorded", recording });
      recorded.current(recording);
    } catch (thrown) {
      fail(thrown, mine);
    }
  };
  const start = async () => {
    cancel();
    const mine = turn.current;
    setState({ status: "asking" });
    try {
      const started = await startRecording();
      if (mine !== turn.current) return started.cancel();
      live.current = started;
      setState({ status: "recording", elapsedMs: 0, level: 0 });
    } catch (thrown) {
      fail(thrown, mine);
    }
  };
  useMeter(state.status === "recording", live, setState, stop);
  const reset = () => {
    cancel();
    setState({ status: "idle" });
  };
  return { state, start, stop, reset };
}

export type Recorder = ReturnType<typeof useRecorder>;

/** Time and level of a recording, 20 times a second; ends it when its time is up. */
function useMeter(
  isRecording: boolean,
  live: { readonly current: LiveRecording | null },
  show: (state: RecorderState) => void,
  stop: () => Promise<void>,
): void {
  const end = useRef(stop);
  useEffect(() => {
    end.current = stop;
  });
  useEffect(() => {
    if (!isRecording) return;
    const started = performance.now();
    const timer = setInterval(() => {
      const elapsedMs = performance.now() - started;
      if (elapsedMs >= LONGEST_MS) return void end.current();
      const level = live.current?.level();
      if (level !== undefined) show({ status: "recording", elapsedMs, level });
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [isRecording, live, show]);
}
