import { createContext, useContext, useEffect, useState } from "react";

/** Requests this page has made to other origins since it was loaded. */
export const ForeignRequestsContext = createContext(0);

export function useForeignRequests(): number {
  return useContext(ForeignRequestsContext);
}

/** True for a network request that left this origin; blob: and data: never leave the browser. */
export function isForeign(url: string, origin: string): boolean {
  const { protocol, origin: target } = new URL(url, origin);
  return protocol !== "blob:" && protocol !== "data:" && target !== origin;
}

/** Counts foreign requests as the browser itself records them, those before the start included. */
export function useForeignRequestCount(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    if (typeof PerformanceObserver === "undefined") return;
    const observer = new PerformanceObserver((list) => {
      const foreign = list.getEntries().filter(({ name }) => isForeign(name, location.origin));
      if (foreign.length > 0) setCount((before) => before + foreign.length);
    });
    observer.observe({ type: "resource", buffered: true });
    return () => observer.disconnect();
  }, []);
  return count;
}
