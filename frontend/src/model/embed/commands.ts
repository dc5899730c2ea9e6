import { type Fields, plainText, textIn } from "./message";

/** What belongs to a command: nothing, or one thing or two. */
const table = {
  displayName: name,
  toggleAudio: nothing,
  toggleVideo: nothing,
  toggleShareScreen: nothing,
  hangup: nothing,
  toggleChat: nothing,
  toggleParticipantsPane: nothing,
  toggleTileView: nothing,
  setTileView: flag("enabled"),
  toggleRaiseHand: nothing,
  muteEveryone: audio,
  kickParticipant: somebody,
  endConference: nothing,
  toggleLobby: flag("enabled"),
  answerKnockingParticipant: answer,
  pinParticipant: somebodyOrNobody,
  password: secret,
  isAudioMuted: nothing,
  isVideoMuted: nothing,
  isSharingScreen: nothing,
  getNumberOfParticipants: nothing,
  getParticipantsInfo: nothing,
} as const;

export type CommandName = keyof typeof table;

/** Given is what came with a command, as far as the command has a use for it. */
interface Given {
  /** whose handle that is; "" is nobody's */
  readonly who: string;
  readonly on: boolean;
  readonly text: string;
}

/** Wish is a command of the page around this one. */
export interface Wish extends Given {
  readonly do: CommandName;
}

/** Refused is why a command was not followed. */
export type Refused = "unknown_command" | "bad_arguments" | "not_in_meeting" | "not_allowed";

/** commandNames are those that readCommand knows. */
export const commandNames = Object.keys(table).filter(isCommand);

/** readCommand checks what belongs to a command. */
export function readCommand(name: string, args: Fields): Wish | Refused {
  if (!isCommand(name)) return "unknown_command";
  const given = table[name](args);
  return given ? { do: name, ...without, ...given } : "bad_arguments";
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(table, name);
}

type Reader = (args: Fields) => Partial<Given> | null;

const without: Given = { who: "", on: false, text: "" };

function nothing(): Partial<Given> {
  return without;
}

function flag(name: string): Reader {
  return (args) => {
    const on = args.get(name);
    return typeof on === "boolean" ? { on } : null;
  };
}

function name(args: Fields): Partial<Given> | null {
  const text = plainText(textIn(args, "displayName", 100));
  return text ? { text } : null;
}

function secret(args: Fields): Partial<Given> | null {
  const text = textIn(args, "password", 100);
  return text ? { text } : null;
}

function audio(args: Fields): Partial<Given> | null {
  return args.get("mediaType") === "audio" ? without : null;
}

function somebody(args: Fields): Partial<Given> | null {
  const who = textIn(args, "participantId", 20);
  return /^p\d+$/.test(who) ? { who } : null;
}

function somebodyOrNobody(args: Fields): Partial<Given> | null {
  return args.get("participantId") === null ? without : somebody(args);
}

function answer(args: Fields): Partial<Given> | null {
  const [who, approved] = [somebody(args), flag("approved")(args)];
  return who && approved && { ...who, ...approved };
}
