import { changed, listed, read, removed } from "./http";

/** The calls about where a site's events go, as docs/api.md describes them. */

export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly enabled: boolean;
  /** it answered 410, and was switched off for that */
  readonly gone: boolean;
  /** RFC 3339; null when one secret signs */
  readonly oldSecretUntil: string | null;
  readonly waiting: number;
  readonly dead: number;
  readonly dropped: number;
  readonly version: number;
}

/** Hooks are a site's webhooks, and all that one can be told of. */
export interface Hooks {
  readonly items: readonly Webhook[];
  readonly events: readonly string[];
}

export interface NewWebhook extends Webhook {
  /** shown this once */
  readonly secret: string;
}

export interface Delivery {
  readonly eventId: string;
  readonly type: string;
  readonly time: string;
  readonly try: number;
  readonly outcome: string;
  /** null for no answer */
  readonly status: number | null;
  readonly tookMs: number;
}

export interface DeadLetter {
  readonly eventId: string;
  readonly type: string;
  readonly time: string;
  readonly tries: number;
  readonly outcome: string;
  /** of the last answer; null for none */
  readonly status: number | null;
}

export interface WebhookForm {
  readonly url: string;
  readonly events: readonly string[];
}

export const webhooks = () => read<Hooks>("/v1/webhooks");

export const makeWebhook = (form: WebhookForm) => changed<NewWebhook>("POST", "/v1/webhooks", form);

/** editWebhook changes the version one has seen, if it is still that one. */
export const editWebhook = (webhook: Webhook, form: WebhookForm & { readonly enabled: boolean }) =>
  changed<Webhook>("PATCH", path(webhook), form, `"${webhook.version}"`);

export const deleteWebhook = (webhook: Webhook) => removed("DELETE", path(webhook));

export const rotateSecret = (webhook: Webhook) =>
  changed<NewWebhook>("POST", `${path(webhook)}/secret`);

export const testWebhook = (webhook: Webhook) => changed<Delivery>("POST", `${path(webhook)}/test`);

export const deliveries = (webhook: Webhook) => listed<Delivery>(`${path(webhook)}/deliveries`);

export const deadLetters = (webhook: Webhook) => listed<DeadLetter>(`${path(webhook)}/deadLetters`);

/** retryDead is for one event, or for all that were given up and have room in the queue. */
export const retryDead = (webhook: Webhook, event?: string) =>
  changed<{ readonly events: number }>("POST", `${deadPath(webhook, event)}/retry`);

/** discardDead is for one event, or for all that were given up. */
export const discardDead = (webhook: Webhook, event?: string) =>
  removed("DELETE", deadPath(webhook, event));

function path({ id }: Webhook): string {
  return `/v1/webhooks/${encodeURIComponent(id)}`;
}

function deadPath(webhook: Webhook, event?: string): string {
  const all = `${path(webhook)}/deadLetters`;
  return event === undefined ? all : `${all}/${encodeURIComponent(event)}`;
}
