import { useEffect, useState } from "preact/hooks";

const rest = 3_000;

/**
 * useChrome says whether bar and controls are shown. While it may, it hides
 * them after three seconds without a sign of the person, and brings them back
 * on any movement, touch or key. It never hides what has the keyboard's focus.
 */
export function useChrome(mayHide: boolean): boolean {
  const [hidden, setHidden] = useState(false);
  useEffect(() => {
    if (!mayHide) return;
    let timer: ReturnType<typeof setTimeout>;
    const hide = () => {
      const focused = document.querySelector(".chrome :focus-visible");
      if (focused) wake();
      else setHidden(true);
    };
    const wake = () => {
      clearTimeout(timer);
      timer = setTimeout(hide, rest);
      setHidden(false);
    };
    const signs = ["pointermove", "pointerdown", "keydown", "focusin"] as const;
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
