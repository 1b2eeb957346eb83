import { useEffect, useRef } from "react";
import { ErrorNote } from "../../../components/ErrorNote";
import { formatDuration } from "../../../components/formatting";
import { saveFile } from "../../../components/saveFile";
import { detachOnUnmount, useBlobUrl } from "../../../components/useBlobUrl";
import { waveformPath } from "../../../components/waveform";
import styles from "./Recorder.module.css";
import { LONGEST_MS, type Recorder, type RecorderState, type Recording } from "./useRecorder";

const WIDTH = 240;
const HEIGHT = 36;
const QUIETEST_DB = -60;

/** What the microphone is doing, and what was recorded; nothing before it is asked to record. */
export function RecorderPanel({ recorder }: { readonly recorder: Recorder }) {
  const { state, start, stop, reset } = recorder;
  return (
    <>
      <span role="status" className="visually-hidden">
        {spoken(state)}
      </span>
      {state.status === "asking" && (
        <div className={styles.recorder}>
          <span>The browser asks whether this page may listen.</span>
          <button type="button" className="button quiet" onClick={reset}>
            Cancel
          </button>
        </div>
      )}
      {state.status === "recording" && (
        <div className={styles.recorder} onKeyDown={(e) => e.key === "Escape" && reset()}>
          <StopButton onStop={() => void stop()} />
          <Meter level={state.level} />
          <span className={styles.time}>
            {(state.elapsedMs / 1000).toFixed(1)} s
            <span className="quiet"> of {LONGEST_MS / 1000} s</span>
          </span>
        </div>
      )}
      {state.status === "listening" && (
        <div className={styles.recorder}>
          <span className="quiet">Reading the recording…</span>
        </div>
      )}
      {state.status === "recorded" && (
        <Recorded key={state.recording.at} recording={state.recording} {...{ start, reset }} />
      )}
      {state.status === "failed" && (
        <ErrorNote error={state.error} onDismiss={reset}>
          <button type="button" className="button" onClick={() => void start()}>
            Try again
          </button>
        </ErrorNote>
      )}
    </>
  );
}

/** Focused as it appears, so that Space ends the recording. */
function StopButton({ onStop }: { readonly onStop: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <button ref={button} type="button" className="button primary" onClick={onStop}>
      Stop recording
    </button>
  );
}

/** The level in decibels, from −60 dB to full scale. */
function Meter({ level }: { readonly level: number }) {
  const decibels = level > 0 ? 20 * Math.log10(level) : QUIETEST_DB;
  const share = Math.max(0, Math.min(1, 1 - decibels / QUIETEST_DB));
  return (
    <meter
      className={styles.meter}
      min={0}
      max={1}
      value={share}
      aria-label="Level of the microphone"
    />
  );
}

interface RecordedProps extends Pick<Recorder, "start" | "reset"> {
  readonly recording: Recording;
}

function Recorded({ recording, start, reset }: RecordedProps) {
  const { blob, durationMs, peaks } = recording;
  const { url } = useBlobUrl(blob);
  return (
    <div className={styles.recorder} role="group" aria-label="Recording">
      <svg className={styles.wave} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        <path d={waveformPath(peaks, WIDTH, HEIGHT)} />
      </svg>
      {url && (
        <audio
          ref={detachOnUnmount}
          className={styles.player}
          src={url}
          controls
          aria-label="Play the recording"
        />
      )}
      <span className="quiet">{formatDuration(durationMs)}, kept in this tab only</span>
      <span className={styles.buttons}>
        <button type="button" className="button" onClick={() => void start()}>
          Record again
        </button>
        <button
          type="button"
          className="button quiet"
          onClick={() => saveFile(fileNameOf(recording), blob)}
        >
          Save this recording
        </button>
        <button type="button" className="button quiet" onClick={reset}>
          Close
        </button>
      </span>
    </div>
  );
}

/** `recording-2026-11-22-03-05-09.webm`. */
export function fileNameOf({ blob, at }: Pick<Recording, "blob" | "at">): string {
  const [kind = ""] = blob.type.replace("audio/", "").split(";");
  const ending = kind === "mp4" ? "m4a" : kind || "webm";
  const time = new Date(at).toISOString().slice(0, 19).replaceAll(/[T:]/g, "-");
  return `recording-${time}.${ending}`;
}

/** Said once per change, not at every tick. */
function spoken(state: RecorderState): string {
  switch (state.status) {
    case "idle":
    case "failed": // the alert of the ErrorNote speaks
      return "";
    case "asking":
      return "The browser asks whether this page may listen.";
    case "recording":
      return "Recording. Space stops it.";
    case "listening":
      return "Reading the recording.";
    case "recorded":
      return `Recorded ${formatDuration(state.recording.durationMs)}.`;
  }
}
