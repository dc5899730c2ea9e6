import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/** useSize reports an element's size now and whenever it changes. */
export function useSize(
  element: RefObject<HTMLElement | null>,
  measured: (width: number, height: number, pixelRatio: number) => void,
): void {
  useLayoutEffect(() => {
    const measuredElement = element.current;
    if (!measuredElement) return;
    const report = () => {
      const { clientWidth, clientHeight } = measuredElement;
      measured(clientWidth, clientHeight, devicePixelRatio);
    };
    const observer = new ResizeObserver(report);
    observer.observe(measuredElement);
    report();
    return () => observer.disconnect();
  }, [element, measured]);
}
