import { useEffect, useState } from "preact/hooks";

const rest = 3_000;
const signs = ["pointermove", "pointerdown", "keydown"];

/**
 * useChrome says whether bar and controls are shown. While it may, it hides
 * them after three seconds without a sign of the person, and brings them back
 * on any movement, touch or key. It never hides what somebody at the keyboard
 * has in focus, nor an open menu.
 */
export function useChrome(mayHide: boolean): boolean {
  const [hidden, setHidden] = useState(false);
  useEffect(() => {
    if (!mayHide) return;
    let timer: ReturnType<typeof setTimeout>;
    let keyboard = false;
    const hide = () => {
      const focused = keyboard && document.querySelector(".chrome :focus-visible");
      if (!focused && !document.querySelector(".chrome [role=menu]")) setHidden(true);
    };
    const wake = (event?: Event) => {
      if (event && isStill(event)) return;
      keyboard = event?.type === "keydown";
      clearTimeout(timer);
      timer = setTimeout(hide, rest);
      setHidden(false);
    };
    for (const sign of signs) addEventListener(sign, wake);
    wake();
    return () => {
      clearTimeout(timer);
      for (const sign of signs) removeEventListener(sign, wake);
      setHidden(false);
    };
  }, [mayHide]);
  return !(mayHide && hidden);
}

/** Browsers move a resting pointer when the page moves under it: that is no sign of a person. */
function isStill(event: Event): boolean {
  return (
    event instanceof PointerEvent &&
    event.type === "pointermove" &&
    event.movementX === 0 &&
    event.movementY === 0
  );
}
