import type { ComponentChildren } from "preact";
import { common } from "../text/common";
import { Frame, type FrameProps } from "./frame";

export interface AdminProps {
  readonly account: FrameProps["account"];
  /** where in the administration one is */
  readonly here: string;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** pagesFor are those that whoever is signed in may see. */
function pagesFor(account: FrameProps["account"]) {
  return common.administrationPages.filter(
    ([path]) => path !== "/admin/webhooks" || account?.tellsOthers,
  );
}

/** Admin stands around every page of the site's administration. */
export function Admin({ account, here, title, children }: AdminProps) {
  return (
    <Frame account={account} here="/admin" wide>
      <nav class="tabs" aria-label={common.administration}>
        {pagesFor(account).map(([path, label]) => (
          <a key={path} href={path} aria-current={here === path ? "page" : undefined}>
            {label}
          </a>
        ))}
      </nav>
      <h1>{title}</h1>
      {children}
    </Frame>
  );
}

/** Heads are what stands above the columns of a table; `actions` names one of buttons, which needs no words to be seen. */
export function Heads(props: { readonly of: readonly string[]; readonly actions?: string }) {
  return (
    <thead>
      <tr>
        {props.of.map((head) => (
          <th key={head} scope="col">
            {head}
          </th>
        ))}
        {props.actions ? (
          <th scope="col">
            <span class="unseen">{props.actions}</span>
          </th>
        ) : null}
      </tr>
    </thead>
  );
}
