/** CommandId names everything that can be done in the room. */
export type CommandId =
  | "microphone"
  | "camera"
  | "share"
  | "shareWindow"
  | "shareBrowser"
  | "shareMonitor"
  | "stopSharing"
  | "participants"
  | "devices"
  | "fullScreen"
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
  /** the single key that runs it */
  readonly key?: string;
  /** for what opens and closes: whether it is open */
  readonly open?: boolean;
  /** on: this is sent to the others now */
  readonly on?: boolean;
  readonly busy?: boolean;
  run(): void;
}

export type Commands = Readonly<Partial<Record<CommandId, Command>>>;

/** shortcut finds the command that a key means. */
export function shortcut(commands: Commands, key: string): Command | undefined {
  const wanted = key.toLowerCase();
  return Object.values(commands).find((command) => command.key?.toLowerCase() === wanted);
}
