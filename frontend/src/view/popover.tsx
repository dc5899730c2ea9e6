import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Command } from "../model/command";
import { Icon, type IconName } from "./icon";

/** useDismiss closes what is open by Escape and by a click elsewhere, and gives the focus back. */
export function useDismiss(open: boolean, close: () => void) {
  const around = useRef<HTMLDivElement>(null);
  useEffect(() => {
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

interface MenuItem {
  readonly command: Command;
  readonly icon: IconName;
}

/** MenuButton opens a menu of commands above itself, and takes the focus back when it closes. */
export function MenuButton(props: {
  readonly label: string;
  readonly icon: IconName;
  readonly open: boolean;
  readonly busy?: boolean;
  readonly look: string;
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
        <span>{props.label}</span>
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
  useLayoutEffect(() => buttons(list.current)[0]?.focus(), []);
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
        {props.items.map(({ command, icon }) => (
          <button
            type="button"
            role="menuitem"
            tabIndex={-1}
            key={command.id}
            onClick={() => {
              props.onDone();
              command.run();
            }}
          >
            <Icon name={icon} />
            {command.label}
          </button>
        ))}
      </div>
      {props.foot}
    </div>
  );
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

function buttons(list: HTMLElement | null): HTMLButtonElement[] {
  return [...(list?.querySelectorAll("button") ?? [])];
}
