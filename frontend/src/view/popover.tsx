import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon, type IconName } from "./icon";

/** useDismiss closes what is open by Escape and by a click elsewhere, and gives the focus back. */
function useDismiss(open: boolean, close: () => void) {
  const around = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!open) return;
    const elsewhere = (event: Event) => {
      if (event.target instanceof Node && !around.current?.contains(event.target)) close();
    };
    const back = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      close();
      around.current?.querySelector("button")?.focus();
    };
    addEventListener("pointerdown", elsewhere);
    addEventListener("keydown", back, true);
    return () => {
      removeEventListener("pointerdown", elsewhere);
      removeEventListener("keydown", back, true);
    };
  }, [open, close]);
  return around;
}

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly icon: IconName;
  /** what stands there instead of the icon */
  readonly sign?: string | undefined;
  readonly look?: string;
  /** of several of which one holds: whether it does */
  readonly checked?: boolean | undefined;
  readonly run: () => void;
}

/** MenuButton opens a menu of commands above itself, and takes the focus back when it closes. */
export function MenuButton(props: {
  readonly label: string;
  readonly icon: IconName;
  readonly open: boolean;
  readonly busy?: boolean;
  readonly look: string;
  /** an icon alone is seen, where the label stands beside it already */
  readonly iconOnly?: boolean;
  readonly items: readonly MenuItem[];
  readonly foot?: ComponentChildren;
  readonly onOpen: (open: boolean) => void;
}) {
  const close = () => props.onOpen(false);
  const around = useDismiss(props.open, close);
  const done = () => {
    around.current?.querySelector("button")?.focus();
    close();
  };
  return (
    <div class="menu-around" ref={around}>
      <button
        type="button"
        class={props.look}
        aria-haspopup="menu"
        aria-expanded={props.open}
        aria-disabled={props.busy}
        onClick={() => props.onOpen(!props.open)}
      >
        <Icon name={props.icon} />
        <span class={props.iconOnly ? "unseen" : ""}>{props.label}</span>
      </button>
      {props.open ? (
        <MenuList label={props.label} items={props.items} foot={props.foot} onDone={done} />
      ) : null}
    </div>
  );
}

/** MenuList is an open menu. The arrow keys go through it. */
function MenuList(props: {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly foot: ComponentChildren;
  readonly onDone: () => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const all = buttons(list.current);
    (all.find((b) => b.ariaChecked === "true") ?? all[0])?.focus();
  }, []);
  const move = (event: KeyboardEvent) => {
    if (event.key === "Tab") return props.onDone();
    const all: (Element | null)[] = buttons(list.current);
    const next = target(event.key, all.indexOf(document.activeElement), all.length);
    if (next === null) return;
    event.preventDefault();
    buttons(list.current)[next]?.focus();
  };
  return (
    <div class="menu">
      <div role="menu" aria-label={props.label} ref={list} onKeyDown={move} tabIndex={-1}>
        {props.items.map(({ id, label, icon, sign, look, checked, run }) => (
          <button
            type="button"
            {...roleOf(checked)}
            class={look}
            tabIndex={-1}
            key={id}
            onClick={() => {
              props.onDone();
              run();
            }}
          >
            {sign ? (
              <span class="sign" aria-hidden="true">
                {sign}
              </span>
            ) : (
              <Icon name={icon} />
            )}
            {label}
          </button>
        ))}
      </div>
      {props.foot}
    </div>
  );
}

/** roleOf says what an item is: a command, or one of several of which one holds. */
function roleOf(checked: boolean | undefined) {
  if (checked === undefined) return { role: "menuitem" } as const;
  return { role: "menuitemradio", "aria-checked": checked } as const;
}

/** target is where an arrow key leads in a menu; null where it leads nowhere. */
function target(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowDown":
      return (at + 1) % count;
    case "ArrowUp":
      return (at + count - 1) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

/** What a narrow or a wide window leaves out is no stop for the keyboard. */
function buttons(list: HTMLElement | null): HTMLButtonElement[] {
  return [...(list?.querySelectorAll("button") ?? [])].filter(({ offsetWidth }) => offsetWidth > 0);
}
