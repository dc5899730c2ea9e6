import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../icon";

interface PanelProps {
  /** the region's name */
  readonly name: string;
  readonly title: string;
  readonly close: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Panel stands beside the stage, and over it as a sheet where there is no beside. */
export function Panel({ name, title, close, onClose, children }: PanelProps) {
  const panel = useRef<HTMLElement>(null);
  const opener = useRef(document.activeElement);
  // The focus goes back to where it came from, when it would be lost with the panel.
  useLayoutEffect(
    () => () => {
      const { current } = opener;
      const inside = panel.current?.contains(document.activeElement);
      if (inside && current instanceof HTMLElement) current.focus();
    },
    [],
  );
  return (
    <section class="panel" aria-label={name} ref={panel}>
      <header class="panel-head">
        <h2>{title}</h2>
        <button type="button" class="button icon-only" onClick={onClose}>
          <Icon name="close" />
          <span class="unseen">{close}</span>
        </button>
      </header>
      {children}
    </section>
  );
}

/** PanelBody is the part of a panel that scrolls, so the keyboard must reach it. */
export function PanelBody({ look, children }: { look?: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard.
    <div class={look ? `panel-body ${look}` : "panel-body"} tabIndex={0}>
      {children}
    </div>
  );
}
