import { webhooks as words } from "../text/webhooks";
import { wholeNumber } from "./format";

/** hostOf is what a webhook is called: where it goes, without what may be secret there. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** typeWords says an event; one that is new here stays as it is. */
export function typeWords(type: string): string {
  const known: Readonly<Record<string, string>> = words.types;
  return known[type] ?? type;
}

/** outcomeWords says what came of a try; what is new here stays as it is. */
export function outcomeWords(one: {
  readonly outcome: string;
  readonly status: number | null;
}): string {
  const known: Readonly<Record<string, string>> = words.outcomes;
  const outcome = known[one.outcome] ?? one.outcome;
  return one.status === null ? outcome : words.result(outcome, String(one.status));
}

/** retriedWords says how many events wait again, and whether more had no room. */
export function retriedWords(
  events: number,
  now: { readonly dead: number } | undefined,
  one?: string,
) {
  const more = one === undefined ? (now?.dead ?? 0) > 0 : events === 0;
  const count = wholeNumber(events);
  return more ? words.retriedSome(count) : words.retried(count);
}

/** chosen are the events that were ticked, of all there are. */
export function chosen(
  all: readonly string[],
  values: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  return all.filter((name) => values[name] === "yes");
}
