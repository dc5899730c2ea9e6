import { canOpenApart } from "../../lib/apart";
import type { Command, CommandId } from "../../model/command";
import { type Layout, layouts, sharesSeen } from "../../model/scene";
import { room as words } from "../../text/room";
import type { Room } from "./room";

const ids: Readonly<Record<Layout, CommandId>> = {
  automatic: "layoutAutomatic",
  grid: "layoutGrid",
  speaker: "layoutSpeaker",
  pair: "layoutPair",
};

/** viewingCommands are those about what this page shows; nobody else notices. */
export function viewingCommands(room: Room): readonly (Command | false)[] {
  return [...layoutsOf(room), apart(room), fullScreen(room)];
}

/** A layout that somebody chose stays in the menu, even when it has nothing to show. */
function layoutsOf({ viewing, state }: Room): readonly Command[] {
  const { layout } = viewing.choice.value;
  const two = sharesSeen(state.value, viewing.choice.value).length > 1;
  return layouts
    .filter((one) => one !== "pair" || two || layout === "pair")
    .map((one) => ({
      id: ids[one],
      label: words.layouts[one],
      checked: one === layout,
      run: () => viewing.show({ layout: one, pinned: "", page: 0 }),
    }));
}

function apart({ viewing, notice }: Room): Command | false {
  if (viewing.apart) {
    return { id: "apart", label: words.closeApart, run: () => viewing.closeApart() };
  }
  const share = viewing.share.value;
  if (!share?.picture.open || !canOpenApart()) return false;
  const run = () => {
    viewing.openApart(words.shareOf(share.participant.name)).catch(() => {
      notice.value = words.refused.apart;
    });
  };
  return { id: "apart", label: words.apart, run };
}

function fullScreen({ viewing }: Room): Command | false {
  const on = viewing.choice.value.fullScreen;
  if (!on && viewing.scene.value.heroes.length === 0) return false;
  const run = () => viewing.show({ fullScreen: !on });
  return { id: "fullScreen", label: on ? words.exitFullScreen : words.fullScreen, key: "f", run };
}
