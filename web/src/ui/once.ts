// Acts that must not happen twice.
import { useRef } from "react";

// Runs an act unless one is under way, however often one presses.
export function useOnce() {
  const underWay = useRef(false);
  return async (act: () => Promise<unknown>) => {
    if (underWay.current) return;
    underWay.current = true;
    try {
      await act();
    } finally {
      underWay.current = false;
    }
  };
}
