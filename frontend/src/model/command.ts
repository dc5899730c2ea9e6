/** CommandId names everything that can be done in the room. */
export type CommandId =
  | "microphone"
  | "camera"
  | "share"
  | "shareWindow"
  | "shareBrowser"
  | "shareMonitor"
  | "stopSharing"
  | "pauseSharing"
  | "blankSharing"
  | "shareOther"
  | "hand"
  | "reactions"
  | "reactThumb"
  | "reactHeart"
  | "reactLaugh"
  | "reactClap"
  | "reactParty"
  | "sendAsSeen"
  | "sendAsText"
  | "sendAsMotion"
  | "participants"
  | "chat"
  | "security"
  | "lock"
  | "muteAll"
  | "stopShares"
  | "rights"
  | "reclaim"
  | "devices"
  | "fullScreen"
  | "apart"
  | "layout"
  | "layoutAutomatic"
  | "layoutGrid"
  | "layoutSpeaker"
  | "layoutPair"
  | "shortcuts"
  | "leave"
  | "end";

/**
 * Command is one thing that can be done, as it stands now. One table of them
 * feeds the buttons, the menus and the shortcuts.
 */
export interface Command {
  readonly id: CommandId;
  readonly label: string;
  /** what stands for it instead of an icon */
  readonly sign?: string;
  /** the single key that runs it */
  readonly key?: string;
  /** for what opens and closes: whether it is open */
  readonly open?: boolean;
  /** on: this is sent to the others now */
  readonly on?: boolean;
  /** for one of several of which one holds: whether it does */
  readonly checked?: boolean;
  readonly busy?: boolean;
  /** what waits behind it, counted, and the same in words */
  readonly badge?: Badge;
  run(): void;
}

export interface Badge {
  readonly count: number;
  readonly words: string;
}

export type Commands = Readonly<Partial<Record<CommandId, Command>>>;

/** Key is what was pressed: what it writes, and where it is. */
interface Key {
  readonly key: string;
  /** as on an American keyboard, whatever it writes: KeyM */
  readonly code: string;
}

/**
 * shortcut finds the command that a key means. A keyboard that writes other letters
 * than Latin ones has them in the same place.
 */
export function shortcut(commands: Commands, { key, code }: Key): Command | undefined {
  const letter = /^[\x20-\x7e]+$/.test(key) ? undefined : /^Key([A-Z])$/.exec(code)?.[1];
  const wanted = (letter ?? (key === "\u061f" ? "?" : key)).toLowerCase();
  return Object.values(commands).find((command) => command.key?.toLowerCase() === wanted);
}
