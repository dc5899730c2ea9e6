import type { Hooks, Webhook } from "../lib/webhooks";
import { wholeNumber } from "../model/format";
import { hostOf } from "../model/webhooks";
import { common } from "../text/common";
import { webhooks as words } from "../text/webhooks";
import { Admin, Heads } from "./admin";
import { Problem } from "./form";
import type { FrameProps } from "./frame";
import { Icon } from "./icon";
import { type Log, WebhookLog, type WebhookLogProps } from "./webhook-log";

export interface WebhooksProps extends Omit<WebhookLogProps, "webhook" | "log"> {
  readonly account: FrameProps["account"];
  /** null until they were loaded */
  readonly hooks: Hooks | null;
  /** what is shown of one of them */
  readonly shown: { readonly webhook: Webhook; readonly log: Log } | null;
  readonly problem: string;
  readonly onAdd: () => void;
  readonly onEdit: (webhook: Webhook) => void;
  readonly onShow: (webhook: Webhook | null) => void;
}

/** Webhooks is where a site's events go. */
export function Webhooks(props: WebhooksProps) {
  const { hooks, shown } = props;
  return (
    <Admin account={props.account} here="/admin/webhooks" title={words.title}>
      <div class="title-row">
        <p class="lead">{words.lead}</p>
        {hooks ? (
          <button type="button" class="button primary" onClick={props.onAdd}>
            <Icon name="add" />
            {words.add}
          </button>
        ) : null}
      </div>
      <Problem text={props.problem} />
      {hooks || props.problem ? null : <p class="hint">{common.loading}</p>}
      {hooks?.items.length === 0 ? (
        <div class="empty" role="status">
          <p>{words.empty}</p>
          <p class="hint">{words.emptyHelp}</p>
        </div>
      ) : null}
      {hooks && hooks.items.length > 0 ? <Table {...props} hooks={hooks} /> : null}
      {shown ? <WebhookLog {...props} {...shown} /> : null}
    </Admin>
  );
}

function Table(props: WebhooksProps & { hooks: Hooks }) {
  const heads = [words.address, words.events, words.state, words.waiting, words.dead];
  return (
    <table class="table">
      <caption class="unseen">{words.caption}</caption>
      <Heads of={heads} actions={words.actions} />
      <tbody>
        {props.hooks.items.map((webhook) => (
          <Row key={webhook.id} webhook={webhook} {...props} />
        ))}
      </tbody>
    </table>
  );
}

function Row(props: WebhooksProps & { hooks: Hooks; webhook: Webhook }) {
  const { webhook, hooks } = props;
  const host = hostOf(webhook.url);
  const open = props.shown?.webhook.id === webhook.id;
  return (
    <tr>
      <th scope="row" class="long">
        <bdi dir="ltr">{webhook.url}</bdi>
      </th>
      <td data-head={words.events}>
        {words.eventCount(wholeNumber(webhook.events.length), wholeNumber(hooks.events.length))}
      </td>
      <td data-head={words.state}>
        {webhook.enabled ? words.on : <span class="badge">{stateOf(webhook)}</span>}
      </td>
      <td data-head={words.waiting}>{wholeNumber(webhook.waiting)}</td>
      <td data-head={words.dead}>
        {wholeNumber(webhook.dead)}
        {webhook.dropped > 0 ? (
          <p class="hint">{words.dropped(wholeNumber(webhook.dropped))}</p>
        ) : null}
      </td>
      <td>
        <div class="actions">
          <button
            type="button"
            class="button small"
            aria-label={words.editOf(host)}
            onClick={() => props.onEdit(webhook)}
          >
            {words.edit}
          </button>
          <button
            type="button"
            class="button small quiet"
            aria-expanded={open}
            aria-label={words.logOf(host)}
            onClick={() => props.onShow(open ? null : webhook)}
          >
            {words.log}
          </button>
        </div>
      </td>
    </tr>
  );
}

function stateOf({ gone }: Webhook): string {
  return gone ? words.gone : words.paused;
}
