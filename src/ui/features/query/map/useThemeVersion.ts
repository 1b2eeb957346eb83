import { useEffect, useState } from "react";

/** A number that changes when the page turns light or dark, for what is painted rather than styled. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const next = () => setVersion((n) => n + 1);
    const observer = new MutationObserver(next);
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    const query =
      typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;
    query?.addEventListener("change", next);
    return () => {
      observer.disconnect();
      query?.removeEventListener("change", next);
    };
  }, []);
  return version;
}
