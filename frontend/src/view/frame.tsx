import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { common } from "../text/common";
import { Problem } from "./form";
import { Languages } from "./languages";

interface Account {
  readonly name: string;
  /** whether there are meetings of theirs */
  readonly schedules: boolean;
  /** whether they may see the site's administration */
  readonly administers: boolean;
  /** decides who else is told what happens at the site */
  readonly tellsOthers: boolean;
  /** why signing out did not work */
  readonly problem: string;
  readonly signOut: () => void;
}

export interface FrameProps {
  /** the pages of a signed-in person; null for a guest */
  readonly account: Account | null;
  /** where one is */
  readonly here?: string;
  /** a guest is offered to sign in here */
  readonly door?: boolean;
  readonly wide?: boolean;
  /** something goes on here that loading the page anew would end */
  readonly busy?: boolean;
  readonly children: ComponentChildren;
}

/** Frame is what stands around every page but the room. */
export function Frame({ account, here, door, wide, busy, children }: FrameProps) {
  const main = useRef<HTMLElement>(null);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        {common.skip}
      </button>
      <header class="header">
        <a class="brand" href="/">
          <Mark />
          <span>{common.product}</span>
        </a>
        {account ? <AccountLinks {...account} here={here ?? ""} /> : null}
        {door ? (
          <a class="button quiet" href="/signin">
            {common.signIn}
          </a>
        ) : null}
      </header>
      <main class={wide ? "page wide" : "page"} tabIndex={-1} ref={main}>
        {account?.problem ? <Problem text={account.problem} /> : null}
        {children}
      </main>
      {account || busy ? null : <Languages />}
    </>
  );
}

function AccountLinks(props: Account & { here: string }) {
  const link = (path: string, label: string) => (
    <a href={path} aria-current={props.here === path ? "page" : undefined}>
      {label}
    </a>
  );
  return (
    <>
      <nav class="pages" aria-label={common.navigation}>
        {props.schedules ? link("/meetings", common.meetings) : null}
        {link("/reports", common.reports)}
        {props.administers ? link("/admin", common.administration) : null}
      </nav>
      <a
        class="who"
        href="/profile"
        aria-label={common.profileOf(props.name)}
        aria-current={props.here === "/profile" ? "page" : undefined}
      >
        {props.name || common.profile}
      </a>
      <button type="button" class="button quiet" onClick={props.signOut}>
        {common.signOut}
      </button>
    </>
  );
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M22 11a8 8 0 1 0 0 10" />
      <circle cx="16" cy="16" r="2.6" />
    </svg>
  );
}
