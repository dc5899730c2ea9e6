import type { Event, SourceChanged, Surface } from "../lib/wire.gen";
import { room as words } from "../text/room";
import { live, person, type RoomState, shareOf } from "./room";
import type { Scene } from "./scene";

/** announce says an event in words, for those who do not see it; "" when it says nothing. */
export function announce(before: RoomState, event: Event): string {
  switch (event.type) {
    case "welcome":
      return words.welcome(event.data.title, words.people(event.data.participants.length));
    case "participant_joined":
      return words.joined(event.data.participant.name);
    case "participant_left": {
      const name = nameOf(before, event.data.participant);
      return event.data.reason === "connection_lost"
        ? words.lostConnection(name)
        : words.left(name);
    }
    case "source_changed":
      return sourceWords(before, event.data);
    default:
      return "";
  }
}

/** silencedBy names who muted me; "" when nobody did. */
export function silencedBy(room: RoomState, event: Event): string {
  if (event.type !== "source_changed") return "";
  const { participant, source, live: on, by } = event.data;
  if (participant !== room.self || source !== "microphone" || on) return "";
  return by === undefined || by === room.self ? "" : nameOf(room, by);
}

/** happening is what the bar says now: who shares, and who speaks without being drawn. */
export function happening(room: RoomState, scene: Scene): readonly string[] {
  const { hero, tiles } = scene;
  const drawn = new Set([room.self, ...tiles.map((tile) => tile.id)]);
  const unseen = room.speakers.filter((id) => !drawn.has(id)).map((id) => nameOf(room, id));
  return [
    ...(hero ? [words.shares(hero.name, surfaceWords(shareOf(hero)?.surface))] : []),
    ...(unseen.length > 0 ? [words.speakingNow(unseen.slice(0, 2))] : []),
  ];
}

/** surfaceWords says what a share shows. */
export function surfaceWords(surface: Surface | undefined): string {
  return surface ? words.surface[surface] : words.something;
}

function sourceWords(before: RoomState, change: SourceChanged): string {
  if (change.source !== "screen" || change.participant === before.self) return "";
  const name = nameOf(before, change.participant);
  if (change.live) return words.startedSharing(name, surfaceWords(change.surface));
  return live(person(before, change.participant), "screen") ? words.stoppedSharing(name) : "";
}

function nameOf(room: RoomState, id: string): string {
  return person(room, id)?.name ?? words.somebody;
}
