import { signal } from "@preact/signals";
import { invitedBy } from "../embed/address";
import { ConclaveMeeting } from "../embed/meeting";
import { events } from "../embed/protocol";
import { siteAddress } from "../lib/site";
import { common } from "../text/common";
import { demo as words } from "../text/demo";
import { Demo, NoDemo } from "../view/demo";
import type { Values } from "../view/form";
import type { OpenPage } from "./page";

const mostLines = 50;

/** The page shows the component to who develops with it. Where people meet there is none. */
export function open(): OpenPage {
  if (location.protocol !== "http:") return { title: common.missing, body: <NoDemo /> };
  const problem = signal("");
  const lines = signal<readonly string[]>([]);
  const meeting = signal<ConclaveMeeting | null>(null);

  const close = () => {
    meeting.value?.dispose();
    meeting.value = null;
  };
  const show = (values: Values, place: HTMLElement) => {
    close();
    lines.value = [];
    meeting.value = meetingIn(place, values);
    problem.value = meeting.value ? "" : words.linkWrong;
    for (const event of events) {
      meeting.value?.on(event, (payload) => {
        lines.value = [`${event} ${JSON.stringify(payload)}`, ...lines.value].slice(0, mostLines);
      });
    }
    meeting.value?.on("errorOccurred", ({ error, sentence }) => {
      problem.value = sentence ?? error;
    });
  };
  const Page = () => (
    <Demo
      origin={location.origin}
      code={codeFor(siteAddress())}
      shown={meeting.value !== null}
      problem={problem.value}
      lines={lines.value}
      show={show}
      remove={close}
    />
  );
  return { title: words.title, body: <Page />, close };
}

/** meetingIn puts the meeting of an invitation into the page; null when it is none to this site. */
function meetingIn(place: HTMLElement, { link = "", name = "" }: Values): ConclaveMeeting | null {
  try {
    const { domain, ...meeting } = invitedBy(link.trim());
    if (domain !== siteAddress()) return null;
    return new ConclaveMeeting(domain, { ...meeting, parentNode: place, displayName: name });
  } catch {
    return null;
  }
}

function codeFor(site: string): string {
  return [
    `<script type="module" src="${site}/embed.js"></script>`,
    `<conclave-meeting src="${site}/j/…#…" display-name="…"></conclave-meeting>`,
  ].join("\n");
}
