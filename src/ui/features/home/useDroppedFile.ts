import { useState, type DragEvent } from "react";

/** Lets a whole screen take one dropped file. */
export function useDroppedFile(onFile: (file: File) => Promise<void>) {
  const [isOver, setOver] = useState(false);
  const handlers = {
    onDragOver(event: DragEvent) {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave(event: DragEvent) {
      // Leaving one child for another is still above the screen.
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
    },
    onDrop(event: DragEvent) {
      event.preventDefault();
      setOver(false);
      const [file] = event.dataTransfer.files;
      if (file) void onFile(file);
    },
  };
  return { isOver, handlers };
}
