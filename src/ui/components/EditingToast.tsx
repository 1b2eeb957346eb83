import { Toast } from "./Toast";
import type { Editing } from "./useEditing";

/** What the last change to the data did, with its undo. */
export function EditingToast({ editing }: { readonly editing: Editing }) {
  const { notice, busy, undo, dismiss } = editing;
  return (
    <Toast
      words={notice?.words}
      busy={busy}
      onUndo={notice?.canUndo ? () => void undo() : undefined}
      onDismiss={dismiss}
    />
  );
}
