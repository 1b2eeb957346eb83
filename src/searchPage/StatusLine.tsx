import {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumberOf,
} from "../ui/components/formatting";
import type { EngineState } from "./searchEngine";
import styles from "./SearchPage.module.css";
import type { Query } from "./useQuery";

interface StatusLineProps {
  readonly state: EngineState;
  readonly loadBytes: number;
  readonly query: Query;
  /** Pictures there are, and how many of them show. */
  readonly of: number;
  readonly shown: number;
}

/** One line that always stands there: what is loading, or what the pictures below are. */
export function StatusLine({ state, loadBytes, query, of, shown }: StatusLineProps) {
  return (
    <p className={styles.status} role="status">
      <span>{contentsOf(query, of, shown)}</span>
      <span className="quiet">{loadingOf(state, loadBytes)}</span>
      {state.kind === "loading" && (
        <progress aria-label="Loading the text encoder" value={state.done} max={state.total} />
      )}
    </p>
  );
}

function contentsOf({ answer, isSearching, text }: Query, of: number, shown: number): string {
  if (isSearching && !answer) return `Searching for “${text.trim()}” …`;
  if (!answer)
    return shown < of ? `The first ${shown} of ${formatNumberOf(of, "picture")}` : "All pictures";
  const { encodeMs, rankMs } = answer.hits;
  return `The nearest ${shown} of ${formatCount(of)}, in ${formatDuration(encodeMs + rankMs)}`;
}

function loadingOf(state: EngineState, loadBytes: number): string {
  switch (state.kind) {
    case "idle":
      return `The text encoder (${formatBytes(loadBytes)}) loads when you search`;
    case "loading":
      return `Loading the text encoder: ${formatBytes(state.done)} of ${formatBytes(state.total)}`;
    case "opening":
      return "Starting the text encoder";
    case "ready":
    case "failed":
      return "";
  }
}
