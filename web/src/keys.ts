// Keys without a modifier, outside of fields and dialogs. `g` then a letter goes to a page.
import { useEffect, useRef } from "react";

type Keys = Record<string, (event: KeyboardEvent) => void>;

let pending = "";
let forget: ReturnType<typeof setTimeout> | undefined;

function wanted(event: KeyboardEvent): boolean {
  const at = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  // Also while none of its controls has the focus.
  if (document.querySelector("dialog[open]")) return false;
  if (at.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return false;
  return true;
}

export function useKeys(keys: Keys, active = true) {
  const now = useRef(keys);
  now.current = keys;
  useEffect(() => {
    if (!active) return;
    const press = (event: KeyboardEvent) => {
      if (!wanted(event) || event.defaultPrevented) return;
      const typed = pending ? `${pending} ${event.key}` : event.key;
      const act = now.current[typed];
      if (!act) return;
      // On a control Enter and space are that control's own.
      const at = event.target as HTMLElement;
      if ((event.key === "Enter" || event.key === " ") && at.closest("a, button, input, summary")) return;
      event.preventDefault();
      act(event);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [active]);
}

// Once, by the shell: after all others have looked at the key.
export function rememberPrefix(event: KeyboardEvent) {
  clearTimeout(forget);
  pending = event.key === "g" && !pending && wanted(event) ? "g" : "";
  if (pending) forget = setTimeout(() => (pending = ""), 1200);
}
