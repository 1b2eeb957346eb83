import { useEffect, useState } from "react";

/** Whether the browser has promised to keep this site's data, and how to ask for that promise. */
export function useKeptData(): { readonly kept: boolean | undefined; readonly ask: () => void } {
  const [kept, setKept] = useState<boolean>();
  useEffect(() => {
    // Absent on insecure origins: then there is nothing to ask and nothing to show.
    void navigator.storage?.persisted?.().then(setKept);
  }, []);
  return { kept, ask: () => void navigator.storage.persist().then(setKept) };
}
