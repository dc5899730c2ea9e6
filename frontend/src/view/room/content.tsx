import { useState } from "preact/hooks";
import type { Commands } from "../../model/command";
import type { LocalScreen } from "../../model/source";
import { content as words } from "../../text/content";
import { MenuButton } from "../popover";
import { itemsOf } from "./controls";

/** ContentMenu is what one's own share is sent as, and who decides that. */
export function ContentMenu(props: { readonly screen: LocalScreen; readonly commands: Commands }) {
  const [open, setOpen] = useState(false);
  const { sendAsSeen, sendAsText, sendAsMotion } = props.commands;
  return (
    <MenuButton
      label={words.title}
      icon="devices"
      look="button small"
      open={open}
      onOpen={setOpen}
      items={itemsOf([sendAsSeen, sendAsText, sendAsMotion])}
      foot={<p class="hint">{words.help[props.screen.content]}</p>}
    />
  );
}
