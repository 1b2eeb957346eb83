import { useEffect, useState, type RefObject } from "react";

/** Width of an element and its distance from the top of the page, as the layout changes. */
export function usePagePlace(element: RefObject<HTMLElement | null>): {
  readonly width: number;
  readonly top: number;
} {
  const [place, setPlace] = useState({ width: 0, top: 0 });
  useEffect(() => {
    const measure = () => {
      if (!element.current) return;
      const { width, top } = element.current.getBoundingClientRect();
      const next = { width, top: Math.round(top + scrollY) };
      setPlace((now) => (now.width === next.width && now.top === next.top ? now : next));
    };
    measure();
    if (typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    if (element.current) observer.observe(element.current); // a sheet takes width, the body keeps it
    return () => observer.disconnect();
  }, [element]);
  return place;
}
