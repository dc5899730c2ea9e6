import { room as words } from "../../text/room";
import { Icon } from "../icon";

export interface PinProps {
  /** slots.keyOf of the picture */
  readonly picture: string;
  /** the picture, in words */
  readonly what: string;
  readonly pinned: boolean;
  readonly onPin: (picture: string) => void;
}

/** Pin keeps a picture on the stage, and lets it go again. Only this page shows it so. */
export function Pin({ picture, what, pinned, onPin }: PinProps) {
  return (
    <button
      type="button"
      class={pinned ? "pin pinned" : "pin"}
      data-picture={picture}
      onClick={() => pinAndFollow(picture, onPin)}
    >
      <Icon name={pinned ? "unpin" : "pin"} />
      <span class="unseen">{pinned ? words.unpin(what) : words.pin(what)}</span>
    </button>
  );
}

/** pinAndFollow keeps the focus with a picture that goes somewhere else. */
export function pinAndFollow(picture: string, onPin: PinProps["onPin"]): void {
  onPin(picture);
  requestAnimationFrame(() => {
    const pin = `.pin[data-picture="${CSS.escape(picture)}"]`;
    document.querySelector<HTMLElement>(pin)?.focus();
  });
}
