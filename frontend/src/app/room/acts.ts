import type { Right } from "../../lib/policy.gen";
import type { Role } from "../../lib/wire.gen";
import type { Command, CommandId } from "../../model/command";
import { live, type Person, person } from "../../model/room";
import { moderation as words } from "../../text/moderation";
import type { MenuItem } from "../../view/popover";
import type { PeopleProps } from "../../view/room/people";
import type { RightsProps } from "../../view/room/rights";
import { may, type Panels } from "./commands";
import { rightsOf } from "./right";
import type { Room } from "./room";

/** The rights that mean something in a meeting as it is now. */
const inUse: readonly Right[] = [
  ...(["speak", "camera", "share"] as const),
  ...(["chat_everyone", "chat_presenters", "chat_hosts"] as const),
  "see_participants",
];

/** crowdCommands are what may be done about everybody at once. */
function crowdCommands(room: Room, panels: Panels): readonly Command[] {
  const { people, self } = room.state.value;
  const others = people.filter((one) => one.id !== self);
  const command = (id: CommandId, label: string, run: () => void) => ({ id, label, run });
  const audible = others.some((one) => live(one, "microphone") && one.role !== "host");
  const table = [
    may(room, "mute_others") &&
      audible &&
      command("muteAll", words.muteAll, () => void room.moderation.muteAll()),
    may(room, "stop_shares") &&
      people.some((one) => live(one, "screen")) &&
      command("stopShares", words.stopAllShares, () => void room.moderation.stopShares()),
    may(room, "grant_rights") && command("rights", words.rights, () => openRights(panels, "")),
    mayReclaim(room) &&
      command("reclaim", words.reclaim, () => room.moderation.setRole(self, "host")),
  ];
  return table.filter((one) => one !== false);
}

/** actsOn is what may be done about one person, oneself included. */
function actsOn(room: Room, panels: Panels, who: Person): readonly MenuItem[] {
  const self = who.id === room.state.value.self;
  return self ? onSelf(room, who) : [...roles(room, who), ...acts(room, panels, who)];
}

/** A host who has somebody to leave it to can step down. */
function onSelf(room: Room, self: Person): readonly MenuItem[] {
  const { people } = room.state.value;
  const others = people.some((one) => one.role === "host" && one.id !== self.id);
  if (self.role !== "host" || !(self.owner || others)) return [];
  return [roleItem(room, self, "attendee", words.stepDown)];
}

function roles(room: Room, who: Person): readonly MenuItem[] {
  if (!may(room, "grant_roles") || who.owner) return [];
  const offered: readonly Role[] = ["host", "presenter", "panelist", "attendee"];
  return offered
    .filter((role) => role !== who.role)
    .map((role) => roleItem(room, who, role, words.make[role]));
}

function roleItem(room: Room, who: Person, role: Role, label: string): MenuItem {
  return { id: role, label, icon: "people", run: () => room.moderation.setRole(who.id, role) };
}

function acts(room: Room, panels: Panels, who: Person): readonly MenuItem[] {
  const { id, role } = who;
  const audible = live(who, "microphone");
  const mutes = may(room, "mute_others");
  const items: (MenuItem | false)[] = [
    mutes &&
      audible &&
      item("mute", words.mute, "microphoneOff", () => void room.moderation.mute(id)),
    mutes &&
      !audible &&
      maySpeak(room, who) &&
      item("ask", words.askToUnmute, "microphone", () => void room.moderation.askToUnmute(id)),
    may(room, "stop_shares") &&
      live(who, "screen") &&
      item("stopShare", words.stopShare, "screen", () => void room.moderation.stopShares(id)),
    may(room, "grant_rights") &&
      role === "attendee" &&
      item("rights", words.rightsOfOne, "edit", () => openRights(panels, id)),
    may(room, "expel_people") &&
      role !== "host" &&
      !who.owner && {
        ...item("expel", words.expel, "expel", () => askToExpel(panels, id)),
        look: "danger",
      },
  ];
  return items.filter((one) => one !== false);
}

function maySpeak(room: Room, who: Person): boolean {
  return who.role !== "attendee" || rightsOf(room.state.value, who).includes("speak");
}

function item(id: string, label: string, icon: MenuItem["icon"], run: () => void): MenuItem {
  return { id, label, icon, run };
}

function mayReclaim(room: Room): boolean {
  const self = person(room.state.value, room.state.value.self);
  return self?.owner === true && self.role !== "host";
}

function askToExpel(panels: Panels, id: string): void {
  panels.about.value = id;
  panels.dialog.value = "expel";
}

function openRights(panels: Panels, id: string): void {
  panels.about.value = id;
  panels.dialog.value = "rights";
}

/** rightsBoard is what the dialog of rights shows: of all attendees, or of the one it is about. */
export function rightsBoard(room: Room, panels: Panels, onClose: () => void): RightsProps | null {
  const state = room.state.value;
  const id = panels.about.value;
  const who = person(state, id);
  if (id !== "" && who?.role !== "attendee") return null;
  const held = rightsOf(state, who);
  return {
    name: who?.name ?? "",
    rights: inUse.map((right) => ({ right, on: held.includes(right) })),
    mayChange: may(room, "grant_rights"),
    onChange: (right, on) => room.moderation.setRight(who?.key ?? null, right, on),
    onClose,
  };
}

/** peopleActs is what the list of people may do, for its view. */
export function peopleActs(room: Room, panels: Panels): Pick<PeopleProps, "acts" | "crowd"> {
  return {
    acts: (who) => actsOn(room, panels, who),
    crowd: crowdCommands(room, panels),
  };
}
