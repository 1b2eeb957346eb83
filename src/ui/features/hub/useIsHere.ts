import { useEffect, useRef } from "react";

/** Tells whether what called this is still on screen, for work that may end after it has left. */
export function useIsHere(): () => boolean {
  const isHere = useRef(false);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);
  return () => isHere.current;
}
