/** Letter is a message of the page around this one, where this one is in a frame. */
export interface Letter {
  readonly origin: string;
  readonly data: unknown;
}

/** The first letter comes as soon as the frame has loaded, which may be too soon. */
const early: Letter[] = [];
const mostEarly = 16;

let hear = (letter: Letter): void => {
  if (early.length < mostEarly) early.push(letter);
};

/** isFramed tells whether this page is in a frame of another page. */
export function isFramed(): boolean {
  return globalThis.parent !== undefined && globalThis.parent !== globalThis.window;
}

/** listenToParent keeps what the page around this one sends. It goes first, or something is missed. */
export function listenToParent(): void {
  if (!isFramed()) return;
  addEventListener("message", ({ source, origin, data }) => {
    if (source === globalThis.parent) hear({ origin, data });
  });
}

/** heedParent gives what was sent, and what will be, to one reader. */
export function heedParent(reader: (letter: Letter) => void): void {
  hear = reader;
  for (const letter of early.splice(0)) reader(letter);
}
