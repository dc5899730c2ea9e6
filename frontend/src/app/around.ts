import type { ReadonlySignal, Signal } from "@preact/signals";
import type { Knocker } from "../lib/group/view";
import type { Problem } from "../lib/http";
import type { Action } from "../lib/policy.gen";
import type { JoinForm } from "../lib/rest";
import type { Command, Commands } from "../model/command";
import type { Person } from "../model/room";
import type { Found } from "../view/door/join";
import type { Panels } from "./room/commands";
import type { Room } from "./room/room";

/** Entered is a room that somebody in a frame has come into, and what they may do there. */
export interface Entered {
  readonly room: Room;
  readonly panels: Panels;
  commands(): Commands;
  may(action: Action): boolean;
  /** people are those whom the person sees */
  people(): readonly Person[];
  /** knockers are those whom the person may let in */
  knockers(): readonly Knocker[];
  /** pin keeps somebody's face on the stage, or nobody's: "" */
  pin(participant: string): void;
}

/** Door is what the page around this one may do at it. */
export interface Door {
  readonly name: Signal<string>;
  readonly password: Signal<string>;
  readonly found: ReadonlySignal<Found>;
  /** look asks again what meeting this is */
  look(): Promise<void>;
}

/** Hint is a sentence in front of the room, with what to do about it. */
export interface Hint {
  readonly text: string;
  readonly act?: Pick<Command, "label" | "run">;
  dismiss(): void;
}

/**
 * Around is the page around this one, where this one is in a frame: what it is asked
 * for, and what it is told. There is none outside of frames.
 */
export interface Around {
  /** shown goes with what is asked of the server. */
  shown(): Pick<JoinForm, "embeddedBy" | "joinToken" | "previousParticipantId">;
  readonly hints: ReadonlySignal<readonly Hint[]>;
  /** nothing is what to say where the meeting does not open. */
  readonly nothing: string;
  /** ready: what the page around this one said too late has been taken in */
  ready(): Promise<void>;
  /** door is there from now on */
  door(door: Door): void;
  /** needs: somebody has to type the password */
  password(): void;
  problem(problem: Problem | string): void;
  /** entered, until what it returns is called */
  entered(entered: Entered): () => void;
}
