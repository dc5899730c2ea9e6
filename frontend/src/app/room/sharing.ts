import type { ContentChoice } from "../../lib/media/content";
import { canShareScreen } from "../../lib/platform";
import type { Surface } from "../../lib/wire.gen";
import type { Command, CommandId } from "../../model/command";
import { content } from "../../text/content";
import { room as words } from "../../text/room";
import { sharing as pausing } from "../../text/sharing";
import type { Panels } from "./commands";
import { may } from "./right";
import type { Room } from "./room";

/** sharing is what can be done about one's own share. */
export function sharing(room: Room, panels: Panels): Command[] {
  if (!canShareScreen() || surfacesFor(room).length === 0) return [];
  return room.sources.screen.value.state === "on" ? shared(room, panels) : starting(room, panels);
}

/** surfacesFor are those that may be shared, by this person and here. */
function surfacesFor(room: Room): readonly Surface[] {
  const application: readonly Surface[] = ["window", "browser"];
  return [
    ...(may(room.state.value, "share_application") ? application : []),
    ...(may(room.state.value, "share_desktop") ? ["monitor" as const] : []),
  ];
}

function starting(room: Room, panels: Panels): Command[] {
  const { shareMenu } = panels;
  const labels = {
    window: ["shareWindow", words.shareWindow],
    browser: ["shareBrowser", words.shareBrowser],
    monitor: ["shareMonitor", words.shareMonitor],
  } as const;
  const share = (surface: Surface): Command => {
    const [id, label] = labels[surface];
    const run = () => {
      shareMenu.value = false;
      room.notice.value = "";
      void room.sources.share(surface, surfacesFor(room));
    };
    return { id, label, run };
  };
  const run = () => {
    shareMenu.value = !shareMenu.value;
  };
  const busy = room.sources.screen.value.state === "starting";
  return [
    { id: "share", label: words.share, key: "s", open: shareMenu.value, busy, run },
    ...surfacesFor(room).map(share),
  ];
}

function shared(room: Room, panels: Panels): Command[] {
  const { frozen } = room.sources.screen.value;
  const other = () => {
    room.notice.value = "";
    void room.sources.swap(surfacesFor(room));
  };
  return [
    {
      id: "stopSharing",
      label: words.stopSharing,
      key: "s",
      on: true,
      run: () => room.sources.stop("screen"),
    },
    frozen === "no" ? pause(room) : resume(room, panels),
    ...(frozen === "no" ? [] : [blank(room, frozen === "blank")]),
    { id: "shareOther", label: pausing.other, run: other },
    sendAs(room, "sendAsSeen", "auto"),
    sendAs(room, "sendAsText", "text"),
    sendAs(room, "sendAsMotion", "motion"),
  ];
}

function sendAs(room: Room, id: CommandId, choice: ContentChoice): Command {
  const run = () => room.sources.describe(choice);
  const checked = room.sources.screen.value.choice === choice;
  return { id, label: content.choice[choice], checked, run };
}

const pausingKey = "z";

function pause(room: Room): Command {
  const run = () => {
    room.notice.value = "";
    void room.freeze.pause();
  };
  return { id: "pauseSharing", label: pausing.pause, key: pausingKey, run };
}

/** resume asks first: what is seen then may not be what was seen before. */
function resume(room: Room, panels: Panels): Command {
  const run = () => {
    panels.dialog.value = "resume";
  };
  const busy = room.freeze.standing.value === null;
  return { id: "pauseSharing", label: pausing.resume, key: pausingKey, busy, run };
}

function blank(room: Room, on: boolean): Command {
  const id: CommandId = "blankSharing";
  const run = () => void room.freeze.blank(!on);
  return { id, label: on ? pausing.unblank : pausing.blank, run };
}
