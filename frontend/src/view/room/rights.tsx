import type { Right } from "../../lib/policy.gen";
import { moderation as words } from "../../text/moderation";
import { Dialog } from "../dialog";

export interface RightsProps {
  /** whose rights these are; "" for all attendees' */
  readonly name: string;
  readonly rights: readonly { readonly right: Right; readonly on: boolean }[];
  /** whether this person still may change them */
  readonly mayChange: boolean;
  readonly onChange: (right: Right, on: boolean) => void;
  readonly onClose: () => void;
}

/** Rights is the board of what attendees may do. Each switch works at once. */
export function Rights({ name, rights, mayChange, onChange, onClose }: RightsProps) {
  return (
    <Dialog title={name ? words.rightsTitle(name) : words.rights} onClose={onClose}>
      <p class="hint">{name ? words.rightsOfOneHelp : words.rightsHelp}</p>
      <fieldset class="rights" disabled={!mayChange}>
        <legend class="unseen">{words.rights}</legend>
        {rights.map(({ right, on }) => (
          <label class="switch" key={right}>
            <input
              type="checkbox"
              checked={on}
              onChange={({ currentTarget }) => onChange(right, currentTarget.checked)}
            />
            {words.right[right]}
          </label>
        ))}
      </fieldset>
    </Dialog>
  );
}
