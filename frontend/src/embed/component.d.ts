// The types of /embed.js, as a site of Conclave serves them at /embed.d.ts.
// What each command and event does is in docs/embedding.md.

/** What somebody is in a meeting. */
export type Role = "host" | "presenter" | "panelist" | "attendee";

/** How a meeting is put into a page. */
export interface MeetingOptions {
  /** the meeting's number: eleven digits, spaces and dashes are fine */
  number: string;
  /** what stands behind the # of the invite link; it goes into the frame's address, behind its #, and nowhere else */
  secret?: string;
  /** where the frame is put, as its last child */
  parentNode: Node;
  /** the name that the person joins with; at most 100 characters */
  displayName?: string;
  /** "en", "de" or "ar"; without it, what the person's browser says */
  lang?: string;
  /** a join token that your server signed */
  jwt?: string;
  /** the frame's size, in CSS pixels as a number, or as CSS has it: "100%"; 100% by default */
  width?: number | string;
  /** 600 pixels by default */
  height?: number | string;
  /** everybody comes in muted and without a camera; this says so, for who comes from Jitsi */
  startWithAudioMuted?: boolean;
  startWithVideoMuted?: boolean;
  /** accent is "#rrggbb"; one that text could not be read on is left aside */
  theme?: { accent?: string };
}

/** Somebody in the meeting. The id is a handle that holds until the frame is loaded again. */
export interface Participant {
  id: string;
  displayName: string;
  role: Role;
}

/** What the frame says, by the name of the event. */
export interface MeetingEvents {
  videoConferenceJoined: Participant;
  videoConferenceLeft: Record<string, never>;
  participantJoined: Participant;
  participantLeft: { id: string };
  participantRoleChanged: { id: string; role: Role };
  displayNameChange: { id: string; displayName: string };
  audioMuteStatusChanged: { muted: boolean };
  videoMuteStatusChanged: { muted: boolean };
  screenSharingStatusChanged: { on: boolean };
  raiseHandUpdated: { id: string; handRaised: boolean };
  tileViewChanged: { enabled: boolean };
  knockingParticipant: { id: string; displayName: string };
  participantsCountChanged: { count: number };
  passwordRequired: Record<string, never>;
  errorOccurred: { error: string; sentence?: string };
  permissionMissing: { attribute: string };
  readyToClose: Record<string, never>;
}

/** What the page may ask of the frame, and what it says with it. */
export interface MeetingCommands {
  displayName: { displayName: string };
  toggleAudio: undefined;
  toggleVideo: undefined;
  toggleShareScreen: undefined;
  hangup: undefined;
  toggleChat: undefined;
  toggleParticipantsPane: undefined;
  toggleTileView: undefined;
  setTileView: { enabled: boolean };
  toggleRaiseHand: undefined;
  muteEveryone: { mediaType: "audio" };
  kickParticipant: { participantId: string };
  endConference: undefined;
  toggleLobby: { enabled: boolean };
  answerKnockingParticipant: { participantId: string; approved: boolean };
  pinParticipant: { participantId: string | null };
  password: { password: string };
}

/** The commands that answer a question, and what with. */
export interface MeetingAnswers {
  isAudioMuted: boolean;
  isVideoMuted: boolean;
  isSharingScreen: boolean;
  getNumberOfParticipants: number;
  getParticipantsInfo: readonly Participant[];
}

/** Why a command was refused: `error.code`. */
export type MeetingErrorCode =
  | "unknown_command"
  | "bad_arguments"
  | "not_in_meeting"
  | "not_allowed"
  | "too_many_messages"
  /** the frame did not answer within 10 seconds */
  | "no_answer"
  /** the frame was loaded again, or the meeting taken out of the page, before the answer came */
  | "frame_gone";

export interface MeetingError extends Error {
  readonly code: MeetingErrorCode | (string & {});
}

/** asked: the person in the frame was asked, and may or may not do it. */
export interface CommandResult {
  asked?: boolean;
}

type Listener<K extends keyof MeetingEvents> = (payload: MeetingEvents[K]) => void;

/** A meeting in a frame of this page. */
export declare class ConclaveMeeting {
  /** of this script, as in 1.0.0: what it can is only added to within 1 */
  static readonly version: string;

  /**
   * @param domain the site: "meet.example.org", or its address: "https://example.org/s/acme"
   * @throws TypeError for what can lead to no meeting; the message says what to change
   */
  constructor(domain: string, options: MeetingOptions);

  /** the frame, to give it a place and a size; what is in it is out of reach */
  readonly iframe: HTMLIFrameElement;

  /** Resolves with the answer to a question. Rejects with a MeetingError. */
  executeCommand<K extends keyof MeetingAnswers>(name: K): Promise<MeetingAnswers[K]>;
  /** Resolves when the frame has done it, or has asked the person. Rejects with a MeetingError. */
  executeCommand<K extends keyof MeetingCommands>(
    name: K,
    ...args: MeetingCommands[K] extends undefined ? [] : [MeetingCommands[K]]
  ): Promise<CommandResult>;

  isAudioMuted(): Promise<boolean>;
  isVideoMuted(): Promise<boolean>;
  isSharingScreen(): Promise<boolean>;
  getNumberOfParticipants(): Promise<number>;
  getParticipantsInfo(): Promise<readonly Participant[]>;

  /** A listener is called once for each event, however often it was added. */
  on<K extends keyof MeetingEvents>(event: K, listener: Listener<K>): this;
  once<K extends keyof MeetingEvents>(event: K, listener: Listener<K>): this;
  off<K extends keyof MeetingEvents>(event: K, listener: Listener<K>): this;
  /** the same as on */
  addListener<K extends keyof MeetingEvents>(event: K, listener: Listener<K>): this;
  /** the same as off */
  removeListener<K extends keyof MeetingEvents>(event: K, listener: Listener<K>): this;

  /** What the frame can; before it has answered, what this script knows. */
  getSupportedCommands(): string[];
  getSupportedEvents(): string[];

  /** Takes the frame out of the page. The person leaves the meeting. Nothing is heard or answered any more. */
  dispose(): void;
}

/**
 * `<conclave-meeting src="https://meet.example.org/j/23456789012#secret">`: the same, as
 * an element. Further attributes: `display-name`, `lang`, `jwt`, `start-with-audio-muted`,
 * `start-with-video-muted`, `accent`. Each event of the meeting is a CustomEvent on it.
 */
export interface ConclaveMeetingElement extends HTMLElement {
  /** null while the element is in no page, or has no src that leads to a meeting */
  readonly meeting: ConclaveMeeting | null;
}

declare global {
  interface HTMLElementTagNameMap {
    "conclave-meeting": ConclaveMeetingElement;
  }
  interface Window {
    ConclaveMeeting: typeof ConclaveMeeting;
  }
}
