import { useId, useState } from "preact/hooks";
import type { Badge, Command, CommandId, Commands } from "../../model/command";
import { room as words } from "../../text/room";
import { Icon, type IconName } from "../icon";
import { MenuButton, type MenuItem } from "../popover";

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
  pauseSharing: "pause",
  blankSharing: "screen",
  shareOther: "window",
  hand: "hand",
  reactions: "smile",
  reactThumb: "smile",
  reactHeart: "smile",
  reactLaugh: "smile",
  reactClap: "smile",
  reactParty: "smile",
  sendAsSeen: "check",
  sendAsText: "check",
  sendAsMotion: "check",
  participants: "people",
  chat: "chat",
  security: "protected",
  lock: "shut",
  muteAll: "microphoneOff",
  stopShares: "screenStop",
  rights: "edit",
  reclaim: "door",
  devices: "devices",
  fullScreen: "fullScreen",
  apart: "apart",
  layout: "layout",
  layoutAutomatic: "check",
  layoutGrid: "check",
  layoutSpeaker: "check",
  layoutPair: "check",
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
        <Control command={commands.hand} look="control brief wide-only" />
        <Reactions commands={commands} />
        <Control command={commands.participants} />
        <Control command={commands.chat} />
        <Choices of={commands.layout} items={itemsOf(layoutsOf(commands))} />
        <Control command={commands.fullScreen} look="control wide-only" />
        <More commands={commands} />
        <span class="apart" />
        <Control command={commands.leave} look="control danger" />
        <Control command={commands.end} look="control danger wide-only" />
      </div>
    </footer>
  );
}

function Control({ command, look = "control" }: { command: Command | undefined; look?: string }) {
  const id = useId();
  if (!command) return null;
  const { badge } = command;
  return (
    <button
      type="button"
      class={command.on ? `${look} on` : look}
      aria-expanded={command.open}
      aria-busy={command.busy}
      aria-describedby={badge ? id : undefined}
      onClick={command.run}
    >
      <Icon name={iconOf(command)} />
      <span>{command.label}</span>
      {badge ? <Counted id={id} of={command.id} {...badge} /> : null}
    </button>
  );
}

/** Counted is a number on a button. It describes the button and is no part of its name. */
function Counted(props: Badge & { id: string; of: CommandId }) {
  const { id, of, count, words: description } = props;
  return (
    <>
      <b class="counted" data-of={of} aria-hidden="true">
        {count > 99 ? "99+" : count}
      </b>
      <i class="unseen" id={id} aria-hidden="true">
        {description}
      </i>
    </>
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

/** Reactions are one button here, and each its own line under More where there is no room for it. */
function Reactions({ commands }: { commands: Commands }) {
  return <Choices of={commands.reactions} items={itemsOf(signsOf(commands))} />;
}

/** Choices are a button with a menu of its own, where there is room for it; each is a line under More as well. */
function Choices({ of, items }: { of: Command | undefined; items: MenuItem[] }) {
  if (!of) return null;
  return (
    <MenuButton
      label={of.label}
      icon={icons[of.id]}
      look="control brief wide-only"
      open={of.open === true}
      onOpen={(open) => {
        if (open !== of.open) of.run();
      }}
      items={items}
    />
  );
}

function signsOf(commands: Commands) {
  const { reactThumb, reactHeart, reactLaugh, reactClap, reactParty } = commands;
  return [reactThumb, reactHeart, reactLaugh, reactClap, reactParty];
}

function layoutsOf(commands: Commands) {
  const { layoutAutomatic, layoutGrid, layoutSpeaker, layoutPair } = commands;
  return [layoutAutomatic, layoutGrid, layoutSpeaker, layoutPair];
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
      items={[
        ...itemsOf([commands.hand, ...signsOf(commands), ...layoutsOf(commands)], "narrow-only"),
        ...itemsOf([
          commands.fullScreen,
          commands.apart,
          commands.lock,
          commands.devices,
          commands.shortcuts,
        ]),
        ...itemsOf([commands.end], "danger narrow-only"),
      ]}
    />
  );
}

export function itemsOf(commands: readonly (Command | undefined)[], look = ""): MenuItem[] {
  return commands.flatMap((command) => {
    if (!command) return [];
    const { id, label, sign, checked, run } = command;
    return [{ id, label, icon: iconOf(command), sign, look, checked, run }];
  });
}

/** Microphone and camera show what they are now, not what a click makes of them. */
function iconOf({ id, on, busy }: Command): IconName {
  if (id === "microphone" && !on && !busy) return "microphoneOff";
  if (id === "camera" && !on && !busy) return "cameraOff";
  if (id === "lock" && on) return "open";
  return icons[id];
}
