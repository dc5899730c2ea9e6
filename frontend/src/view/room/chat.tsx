import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Line, type Chat as Lines, partsOf, siteOf, toWords } from "../../model/chat";
import { clockOf } from "../../model/format";
import { chat as words } from "../../text/chat";
import { common } from "../../text/common";
import { Dialog } from "../dialog";
import { Composer, type ComposerProps } from "./composer";
import { Panel } from "./panel";

export interface ChatProps extends ComposerProps {
  readonly chat: Lines;
  readonly onClose: () => void;
}

/** Chat is what was written, and where one writes. */
export function Chat(props: ChatProps) {
  const [address, setAddress] = useState("");
  return (
    <Panel name={words.title} title={words.title} close={words.close} onClose={props.onClose}>
      <p class="hint chat-lead">{words.lead}</p>
      <Log chat={props.chat} onAddress={setAddress} />
      {props.addressees.length > 0 ? (
        <Composer {...props} />
      ) : (
        <p class="hint chat-lead">{words.notAllowed}</p>
      )}
      {address ? <OpenAddress address={address} onClose={() => setAddress("")} /> : null}
    </Panel>
  );
}

interface LogProps {
  readonly chat: Lines;
  readonly onAddress: (address: string) => void;
}

/** Log stays at the newest line, unless the person went back to read. */
function Log({ chat, onAddress }: LogProps) {
  const log = useRef<HTMLDivElement>(null);
  const [back, setBack] = useState(false);
  const toEnd = () => {
    const { current } = log;
    if (current) current.scrollTop = current.scrollHeight;
  };
  useLayoutEffect(() => {
    if (!back) toEnd();
  }, [chat.count]);
  return (
    <div class="chat-middle">
      <div
        class="chat-log"
        ref={log}
        role="log"
        aria-live="polite"
        aria-label={words.messages}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard.
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
          setBack(scrollHeight - scrollTop - clientHeight > 40)
        }
      >
        {chat.lines.length === 0 ? <p class="hint">{words.empty}</p> : null}
        {chat.lines.map((line) => (
          <Message key={line.id} line={line} onAddress={onAddress} />
        ))}
      </div>
      {back ? (
        <button type="button" class="button small chat-newer" onClick={toEnd}>
          {words.newer}
        </button>
      ) : null}
    </div>
  );
}

/** Message is always text. An address in it does nothing before it is pressed, and then asks. */
function Message({ line, onAddress }: { line: Line; onAddress: LogProps["onAddress"] }) {
  const to = toWords(line);
  return (
    <article class={line.own ? "message own" : "message"}>
      <p class="message-head">
        <span class="message-who">
          <bdi class="message-from">{line.own ? words.you : line.name}</bdi>
          {to ? <span class="message-to">{to}</span> : null}
        </span>
        <time dateTime={new Date(line.time).toISOString()}>{clockOf(line.time)}</time>
      </p>
      <p class="message-text" dir="auto">
        {partsOf(line.text).map(({ text, address }, i) =>
          address ? (
            <button type="button" class="address" key={i} onClick={() => onAddress(address)}>
              {text}
            </button>
          ) : (
            text
          ),
        )}
      </p>
    </article>
  );
}

/** OpenAddress shows the whole address before anything is opened. */
function OpenAddress({ address, onClose }: { address: string; onClose: () => void }) {
  return (
    <Dialog title={words.linkTitle} onClose={onClose}>
      <p>{words.linkHelp(siteOf(address))}</p>
      <p class="whole-address">
        <bdi dir="ltr">{address}</bdi>
      </p>
      <div class="actions">
        <a
          class="button primary"
          href={address}
          target="_blank"
          rel="noopener noreferrer"
          onClick={onClose}
        >
          {words.open}
        </a>
        <button type="button" class="button" onClick={onClose}>
          {common.cancel}
        </button>
      </div>
    </Dialog>
  );
}
