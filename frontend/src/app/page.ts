import type { VNode } from "preact";

/** OpenPage is a page that is shown. */
export interface OpenPage {
  readonly title: string;
  readonly body: VNode;
  /** fragment takes what is put behind the # while the page is open; false: open anew */
  fragment?(text: string): boolean;
  /** vanishing: the whole page goes, perhaps to be loaded again */
  close?(vanishing?: boolean): void;
}

/** Site is what a page may ask of the router. */
export interface Site {
  /** go to a path of this site */
  go(path: string): void;
  /** title of the tab, when a page finds it out later */
  title(text: string): void;
}
