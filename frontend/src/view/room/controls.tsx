import { useState } from "preact/hooks";
import type { Command, CommandId, Commands } from "../../model/command";
import { room as words } from "../../text/room";
import { Icon, type IconName } from "../icon";
import { MenuButton } from "../popover";

export interface ControlsProps {
  readonly commands: Commands;
  readonly shareOpen: boolean;
  readonly onShareOpen: (open: boolean) => void;
}

const icons: Readonly<Record<CommandId, IconName>> = {
  microphone: "microphone",
  camera: "camera",
  share: "screen",
  shareWindow: "window",
  shareBrowser: "tab",
  shareMonitor: "screen",
  stopSharing: "screenStop",
  participants: "people",
  devices: "devices",
  fullScreen: "fullScreen",
  shortcuts: "shortcuts",
  leave: "leave",
  end: "end",
};

/** Controls are the commands one needs at hand; the rest is under More. */
export function Controls(props: ControlsProps) {
  const { commands } = props;
  return (
    <footer class="controls chrome">
      <div class="control-row" role="toolbar" aria-label={words.controls}>
        <Control command={commands.microphone} />
        <Control command={commands.camera} />
        <Share {...props} />
        <Control command={commands.stopSharing} look="control danger" />
        <Control command={commands.participants} />
        <Control command={commands.fullScreen} look="control wide-only" />
        <More commands={commands} />
        <span class="apart" />
        <Control command={commands.leave} look="control danger" />
        <Control command={commands.end} look="control danger" />
      </div>
    </footer>
  );
}

function Control({ command, look = "control" }: { command: Command | undefined; look?: string }) {
  if (!command) return null;
  return (
    <button
      type="button"
      class={command.on ? `${look} on` : look}
      aria-expanded={command.open}
      aria-busy={command.busy}
      onClick={command.run}
    >
      <Icon name={iconOf(command)} />
      <span>{command.label}</span>
    </button>
  );
}

function Share({ commands, shareOpen, onShareOpen }: ControlsProps) {
  const { share, shareWindow, shareBrowser, shareMonitor } = commands;
  if (!share) return null;
  return (
    <MenuButton
      label={share.label}
      icon={icons.share}
      look="control"
      busy={share.busy === true}
      open={shareOpen}
      onOpen={onShareOpen}
      items={itemsOf([shareWindow, shareBrowser, shareMonitor])}
      foot={<p class="hint">{words.shareHelp}</p>}
    />
  );
}

function More({ commands }: { commands: Commands }) {
  const [open, setOpen] = useState(false);
  return (
    <MenuButton
      label={words.more}
      icon="more"
      look="control"
      open={open}
      onOpen={setOpen}
      items={itemsOf([commands.fullScreen, commands.devices, commands.shortcuts])}
    />
  );
}

function itemsOf(commands: readonly (Command | undefined)[]) {
  return commands.flatMap((command) => (command ? [{ command, icon: icons[command.id] }] : []));
}

/** Microphone and camera show what they are now, not what a click makes of them. */
function iconOf({ id, on, busy }: Command): IconName {
  if (id === "microphone" && !on && !busy) return "microphoneOff";
  if (id === "camera" && !on && !busy) return "cameraOff";
  return icons[id];
}
