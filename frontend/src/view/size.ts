import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { Box, Size } from "../model/layout";

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

/** pixels is a box as a style. */
export function pixels(box: Size | Box): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(box).map(([side, length]) => [side, `${length}px`]));
}
