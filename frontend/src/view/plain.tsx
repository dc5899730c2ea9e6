import type { ComponentChildren } from "preact";
import { common } from "../text/common";
import { Frame, type FrameProps } from "./frame";

/** Notice is a page that says one thing and offers one next step. */
export function Notice(props: {
  readonly title: string;
  readonly text: string;
  readonly account?: FrameProps["account"];
  readonly children?: ComponentChildren;
}) {
  return (
    <Frame account={props.account ?? null}>
      <section class="notice-page">
        <h1>{props.title}</h1>
        <p>{props.text}</p>
        <div class="actions">{props.children}</div>
      </section>
    </Frame>
  );
}

export function Missing() {
  return (
    <Notice title={common.missing} text={common.missingHelp}>
      <a class="button primary" href="/">
        {common.home}
      </a>
    </Notice>
  );
}

export function Broken({ reload }: { reload: () => void }) {
  return (
    <Notice title={common.brokenPage} text={common.brokenPageHelp}>
      <button type="button" class="button primary" onClick={reload}>
        {common.reload}
      </button>
    </Notice>
  );
}
