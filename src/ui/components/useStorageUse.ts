import { useEffect, useState } from "react";
import { useServices } from "../../app/services";

/** Bytes this site has stored and may store. */
export interface StorageUse {
  readonly usedBytes: number;
  readonly quotaBytes: number;
}

/** Storage in use, measured again after every change; undefined where the browser does not say. */
export function useStorageUse(): StorageUse | undefined {
  const { changes } = useServices();
  const [use, setUse] = useState<StorageUse>();
  useEffect(() => {
    let current = true;
    const measure = async () => {
      // Absent on insecure origins; a browser that refuses to say leaves the field empty.
      const estimate = await navigator.storage?.estimate?.().catch(() => undefined);
      if (!current || !estimate) return;
      setUse({ usedBytes: estimate.usage ?? 0, quotaBytes: estimate.quota ?? 0 });
    };
    void measure();
    const unsubscribe = changes.subscribe(() => void measure());
    return () => {
      current = false;
      unsubscribe();
    };
  }, [changes]);
  return use;
}
