import { createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { useServices } from "../../app/services";

/** Requests to other origins since the page was loaded, as the browser recorded them. */
export interface ForeignRequests {
  /** For encoders the visitor agreed to download. */
  readonly downloads: number;
  /** All others; there should be none. */
  readonly others: number;
}

export const ForeignRequestsContext = createContext<ForeignRequests>({ downloads: 0, others: 0 });

export function useForeignRequests(): ForeignRequests {
  return useContext(ForeignRequestsContext);
}

/** True for a network request that left this origin; blob: and data: never leave the browser. */
export function isForeign(url: string, origin: string): boolean {
  const { protocol, origin: target } = new URL(url, origin);
  return protocol !== "blob:" && protocol !== "data:" && target !== origin;
}

/**
 * Counts foreign requests: the page's own, those before the start included, and those of the download
 * worker, which the page cannot see and the worker counts itself.
 */
export function useForeignRequestCount(): ForeignRequests {
  const { downloads } = useServices();
  const [others, setOthers] = useState(0);
  useEffect(() => {
    if (typeof PerformanceObserver === "undefined") return;
    const observer = new PerformanceObserver((list) => {
      const foreign = list.getEntries().filter(({ name }) => isForeign(name, location.origin));
      if (foreign.length > 0) setOthers((before) => before + foreign.length);
    });
    observer.observe({ type: "resource", buffered: true });
    return () => observer.disconnect();
  }, []);
  const fetched = useSyncExternalStore(downloads.subscribe, downloads.foreignRequests);
  return { downloads: fetched, others };
}
