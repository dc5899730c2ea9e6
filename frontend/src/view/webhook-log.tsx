import type { DeadLetter, Delivery, Webhook } from "../lib/webhooks";
import { moment, wholeNumber } from "../model/format";
import { hostOf, outcomeWords, typeWords } from "../model/webhooks";
import { webhooks as words } from "../text/webhooks";
import { Heads } from "./admin";

/** Log is what became of a webhook's events. */
export interface Log {
  readonly deliveries: readonly Delivery[];
  readonly dead: readonly DeadLetter[];
}

export interface WebhookLogProps {
  readonly webhook: Webhook;
  readonly log: Log;
  readonly testing: boolean;
  /** what came of the last test or retry, in words */
  readonly said: string;
  readonly onTest: (webhook: Webhook) => void;
  /** one event, or all that were given up */
  readonly onRetry: (webhook: Webhook, event?: string) => void;
  readonly onDiscard: (webhook: Webhook, event?: string) => void;
}

/** WebhookLog shows what became of a webhook's events, and lets one try again. */
export function WebhookLog(props: WebhookLogProps) {
  const { webhook } = props;
  return (
    <section class="card waiting-list" aria-labelledby="webhook-log">
      <h2 id="webhook-log">{words.logOf(hostOf(webhook.url))}</h2>
      <div class="actions">
        <button
          type="button"
          class="button"
          aria-disabled={props.testing}
          onClick={() => props.onTest(webhook)}
        >
          {props.testing ? words.testing : words.test}
        </button>
        <span role="status" class="said">
          {props.said}
        </span>
      </div>
      <Dead {...props} />
      <Tries deliveries={props.log.deliveries} />
    </section>
  );
}

function Dead(props: WebhookLogProps) {
  const { webhook, log } = props;
  if (log.dead.length === 0) return <p class="hint">{words.deadNone}</p>;
  return (
    <>
      <h3>{words.deadTitle}</h3>
      <p class="hint">{words.deadLead}</p>
      <div class="actions">
        <button type="button" class="button small" onClick={() => props.onRetry(webhook)}>
          {words.retryAll}
        </button>
        <button type="button" class="button small quiet" onClick={() => props.onDiscard(webhook)}>
          {words.discardAll}
        </button>
      </div>
      <ul>
        {log.dead.map((letter) => (
          <Letter key={letter.eventId} letter={letter} {...props} />
        ))}
      </ul>
    </>
  );
}

function Letter(props: WebhookLogProps & { letter: DeadLetter }) {
  const { letter, webhook } = props;
  const what = typeWords(letter.type);
  const when = moment(letter.time);
  return (
    <li>
      <p>
        <strong>{what}</strong> <span class="hint">{when}</span>{" "}
        <span class="hint">{outcomeWords(letter)}</span>
      </p>
      <div class="actions">
        <button
          type="button"
          class="button small"
          aria-label={words.retryOf(what, when)}
          onClick={() => props.onRetry(webhook, letter.eventId)}
        >
          {words.retry}
        </button>
        <button
          type="button"
          class="button small quiet"
          aria-label={words.discardOf(what, when)}
          onClick={() => props.onDiscard(webhook, letter.eventId)}
        >
          {words.discard}
        </button>
      </div>
    </li>
  );
}

function Tries({ deliveries }: { deliveries: readonly Delivery[] }) {
  const heads = [words.what, words.when, words.outcome, words.tries, words.took];
  return (
    <>
      <h3>{words.logTitle}</h3>
      {deliveries.length === 0 ? (
        <p class="hint">{words.logNone}</p>
      ) : (
        <table class="table">
          <caption class="unseen">{words.logTitle}</caption>
          <Heads of={heads} />
          <tbody>
            {deliveries.map((one) => (
              <tr key={`${one.eventId} ${one.try} ${one.time}`}>
                <th scope="row">{typeWords(one.type)}</th>
                <td data-head={words.when} class="time">
                  {moment(one.time)}
                </td>
                <td data-head={words.outcome}>{outcomeWords(one)}</td>
                <td data-head={words.tries}>{wholeNumber(one.try)}</td>
                <td data-head={words.took}>{words.ms(wholeNumber(one.tookMs))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
