import type { MeetingAnswers, MeetingCommands, MeetingEvents } from "./component";

// What the component and the frame say to each other. The other end is in
// model/embed.ts; docs/embedding.md has both lists, with what each word means.

/** version of the component, for embedders: only added to within 1. */
export const version = "1.0.0";

/** protocol is the v of every message. */
export const protocol = 1;

/** A message that is longer as JSON is not sent: the frame would not read it. */
export const longest = 4096;

/** How long the frame has to answer, in milliseconds: the handshake and each command. */
export const patience = 10_000;

/** How many commands may wait for their answers. */
export const mostPending = 40;

/** How long a frame may take to load at all, in milliseconds. */
export const loading = 60_000;

const commandTable: Readonly<Record<keyof MeetingCommands | keyof MeetingAnswers, true>> = {
  displayName: true,
  toggleAudio: true,
  toggleVideo: true,
  toggleShareScreen: true,
  hangup: true,
  toggleChat: true,
  toggleParticipantsPane: true,
  toggleTileView: true,
  setTileView: true,
  toggleRaiseHand: true,
  muteEveryone: true,
  kickParticipant: true,
  endConference: true,
  toggleLobby: true,
  answerKnockingParticipant: true,
  pinParticipant: true,
  password: true,
  isAudioMuted: true,
  isVideoMuted: true,
  isSharingScreen: true,
  getNumberOfParticipants: true,
  getParticipantsInfo: true,
};

const eventTable: Readonly<Record<keyof MeetingEvents, true>> = {
  videoConferenceJoined: true,
  videoConferenceLeft: true,
  participantJoined: true,
  participantLeft: true,
  participantRoleChanged: true,
  displayNameChange: true,
  audioMuteStatusChanged: true,
  videoMuteStatusChanged: true,
  screenSharingStatusChanged: true,
  raiseHandUpdated: true,
  tileViewChanged: true,
  knockingParticipant: true,
  participantsCountChanged: true,
  passwordRequired: true,
  errorOccurred: true,
  permissionMissing: true,
  readyToClose: true,
};

export const commands: readonly string[] = Object.keys(commandTable);
export const events = Object.keys(eventTable).filter(isEvent);

export function isEvent(name: string): name is keyof MeetingEvents {
  return Object.hasOwn(eventTable, name);
}
