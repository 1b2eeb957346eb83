import { useEffect, useRef, useState } from "react";
import { ProjectLock, type LockStatus } from "../../../app/projectLock";

/** Holds the project for this tab while it is on screen. */
export function useProjectLock(projectId: string): {
  readonly status: LockStatus;
  readonly takeOver: () => void;
} {
  const [status, setStatus] = useState<LockStatus>("pending");
  const held = useRef<ProjectLock | null>(null);
  useEffect(() => {
    // Absent on insecure origins, where nothing can tell tabs apart: then every tab may edit.
    if (!("locks" in navigator)) {
      setStatus("held");
      return;
    }
    const lock = new ProjectLock(projectId, setStatus);
    held.current = lock;
    void lock.open();
    return () => lock.close();
  }, [projectId]);
  return { status, takeOver: () => void held.current?.takeOver() };
}
