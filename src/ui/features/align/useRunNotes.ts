import { useEffect, useRef, useState } from "react";
import { AppError } from "../../../core/errors";

const QUIET_MS = 500; // a pause in typing; leaving the field or the page does not wait for it

export type NotesState = "kept" | "typing" | "saving" | "saved";

/**
 * A text that is kept as it is typed: after a pause, on leaving the field, the view or the page.
 * What could not be kept stays on screen and is tried again with the next letter or `keepNow`.
 *
 * @param stored what is kept now; shown unless something newer was typed.
 * @param keep stores a text; the newest call counts.
 */
export function useRunNotes(stored: string, keep: (text: string) => Promise<void>) {
  const [typed, setTyped] = useState<string | null>(null);
  const [state, setState] = useState<NotesState>("kept");
  const [error, setError] = useState<AppError | null>(null);
  const pending = useRef<{ text: string; timer: ReturnType<typeof setTimeout> } | null>(null);
  const latest = useRef(keep);
  useEffect(() => {
    latest.current = keep;
  });

  const save = async () => {
    const writing = pending.current;
    if (!writing) return;
    clearTimeout(writing.timer);
    pending.current = null;
    setState("saving");
    try {
      await latest.current(writing.text);
      setError(null);
      if (!pending.current) setState("saved");
    } catch (thrown) {
      setError(AppError.from(thrown));
      setState("typing");
      // Unless newer words wait already, these are still to be kept.
      pending.current ??= { text: writing.text, timer: setTimeout(() => {}) };
    }
  };
  const saveNow = useRef(save);
  useEffect(() => {
    saveNow.current = save;
  });
  useEffect(() => {
    const flush = () => void saveNow.current();
    addEventListener("pagehide", flush);
    return () => {
      removeEventListener("pagehide", flush);
      flush();
    };
  }, []);

  const write = (text: string) => {
    if (pending.current) clearTimeout(pending.current.timer);
    pending.current = { text, timer: setTimeout(() => void saveNow.current(), QUIET_MS) };
    setTyped(text);
    setState("typing");
  };
  const keepNow = () => void saveNow.current();
  return { text: typed ?? stored, state, error, write, keepNow };
}
