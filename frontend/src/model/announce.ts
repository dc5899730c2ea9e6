import type { Role, Source, SourceChanged, Surface } from "../lib/wire.gen";
import { room as words } from "../text/room";
import { sharing } from "../text/sharing";
import { handWords } from "./hands";
import {
  frozenOf,
  live,
  type Person,
  person,
  type RoomEvent,
  type RoomState,
  shareOf,
  waiting,
} from "./room";
import type { Scene } from "./scene";
import type { LocalScreen, Standing } from "./source";

/** Step is the room before an event, the event, and the room after it. */
export interface Step {
  readonly before: RoomState;
  readonly event: RoomEvent;
  readonly after: RoomState;
}

/** announce says an event in words, for those who do not see it; "" when it says nothing. */
export function announce({ before, event, after }: Step): string {
  if (event.type === "ended") return "";
  if (event.type === "source_changed") {
    const { participant } = event.data;
    return frozenWords(before, after, participant) || sourceWords(before, event.data);
  }
  if (event.type === "no_room") return words.noRoom[event.data.slots.length > 0 ? "is" : "was"];
  if (event.type === "notice") return frozenWords(before, after, event.data.from);
  if (event.type === "hand_changed") return handWords(after, event.data);
  if (!person(after, after.self)) return "";
  if (!person(before, before.self)) {
    return words.welcome(after.title, words.people(after.people.length));
  }
  return [comings(before, after), goings(before, event, after), knocks(before, after)]
    .filter(Boolean)
    .join(". ");
}

/**
 * stoppedBy tells what of mine the server has stopped, and for whom; null when it was
 * nothing. It was for nobody else, by "", where a change that I made did it.
 */
export function stoppedBy(
  room: RoomState,
  event: RoomEvent,
): { readonly by: string; readonly source: Source } | null {
  if (event.type !== "source_changed") return null;
  const { participant, source, live: on, by } = event.data;
  if (participant !== room.self || on || by === undefined) return null;
  return { by: by === room.self ? "" : nameOf(room, by), source };
}

/** newRole is the role this person has been given; null when it is the one they had. */
export function newRole(before: RoomState, after: RoomState): Role | null {
  const was = person(before, before.self);
  const is = person(after, after.self);
  return was && is && was.role !== is.role ? is.role : null;
}

/** stoppedByPolicy tells that the site took away what this person shared. */
export function stoppedByPolicy(room: RoomState, event: RoomEvent): boolean {
  if (event.type !== "source_changed") return false;
  const { participant, source, byPolicy } = event.data;
  return participant === room.self && source === "screen" && byPolicy === true;
}

/** chatClosed tells that the site has just taken away the chat. */
export function chatClosed(room: RoomState, event: RoomEvent): boolean {
  if (event.type !== "policy_changed") return false;
  return event.data.forbidden.includes("send_chat") && !room.forbidden.includes("send_chat");
}

/** happening is what the bar says now: who shares, and who speaks without being drawn. */
export function happening(room: RoomState, scene: Scene): readonly string[] {
  const { heroes, tiles } = scene;
  const shares = heroes.filter(({ source }) => source === "screen").map((hero) => hero.person);
  const faces = heroes.filter(({ source }) => source === "camera").map((hero) => hero.person);
  const drawn = new Set([room.self, ...[...faces, ...tiles].map(({ id }) => id)]);
  const unseen = room.speakers
    .filter((id) => !drawn.has(id))
    .flatMap((id) => person(room, id)?.name ?? []);
  return [
    ...shares.map((who) => shareWords(room, who)),
    ...(unseen.length > 0 ? [words.speakingNow(unseen.slice(0, 2))] : []),
  ];
}

/** shareWords says what somebody shares, or that it stands still. */
function shareWords(room: RoomState, who: Person): string {
  const stands = standsWords(room, who);
  return stands || words.shares(who.name, surfaceWords(shareOf(who)?.surface));
}

/** standsWords says that somebody's share stands still; "" when it does not. */
export function standsWords(room: RoomState, { id, name }: Person): string {
  const frozen = frozenOf(room, id);
  if (frozen === "no") return "";
  return frozen === "blank" ? sharing.blanked(name) : sharing.paused(name);
}

/** ownShare says how one's own share stands, for those who do not see it. */
export function ownShare({ surface, frozen }: LocalScreen, standing: Standing | null): string {
  if (frozen === "no") return words.youShare(surfaceWords(surface));
  if (!standing) return sharing.freezing;
  return frozen === "blank"
    ? `${sharing.blankTitle}. ${sharing.blankHelp}`
    : `${sharing.frozenTitle}. ${sharing.frozenHelp}`;
}

/** surfaceWords says what a share shows. */
export function surfaceWords(surface: Surface | undefined): string {
  return surface ? words.surface[surface] : words.something;
}

/** Somebody has come when both the server and the group say so, whichever is later. */
function comings(before: RoomState, after: RoomState): string {
  const came = newIn(before.people, after.people, idOf);
  return came.length > 0 ? words.joined(came.map((p) => p.name)) : "";
}

function goings(before: RoomState, event: RoomEvent, after: RoomState): string {
  const gone = newIn(after.people, before.people, idOf);
  const [first] = gone;
  if (!first) return "";
  const reason = event.type === "participant_left" ? event.data.reason : "left";
  if (reason === "connection_lost") return words.lostConnection(first.name);
  if (reason === "expelled") return words.wasExpelled(first.name);
  return words.left(gone.map((p) => p.name));
}

function knocks(before: RoomState, after: RoomState): string {
  const came = newIn(waiting(before.group), waiting(after.group), (k) => k.participant);
  return came.length > 0 ? words.knocked(came.map((k) => k.name)) : "";
}

function newIn<T>(before: readonly T[], after: readonly T[], key: (one: T) => string): T[] {
  if (before === after) return [];
  const known = new Set(before.map(key));
  return after.filter((one) => !known.has(key(one)));
}

const idOf = (someone: Person) => someone.id;

function sourceWords(before: RoomState, change: SourceChanged): string {
  const who = person(before, change.participant);
  if (!who || change.source !== "screen" || who.id === before.self) return "";
  if (change.live && shareOf(who)?.surface === change.surface) return "";
  if (change.live) return words.startedSharing(who.name, surfaceWords(change.surface));
  return live(who, "screen") ? words.stoppedSharing(who.name) : "";
}

/** Only of what is shared anything is said, and only when it has changed. */
function frozenWords(before: RoomState, after: RoomState, id: string): string {
  const who = person(after, id);
  if (!who || !live(who, "screen") || frozenOf(before, id) === frozenOf(after, id)) return "";
  return standsWords(after, who) || sharing.resumed(who.name);
}

export function nameOf(room: RoomState, id: string): string {
  return person(room, id)?.name ?? words.somebody;
}
