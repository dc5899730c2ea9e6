import { initials } from "../../model/format";
import { tint } from "../../model/tint";
import { Icon, type IconName } from "../icon";

/** Avatar stands for somebody where there is no picture of them. */
export function Avatar({ id, name }: { id: string; name: string }) {
  return (
    <span class="avatar" data-tint={tint(id)} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

/** Badge is a word about somebody, with the sign for it. */
export function Badge({ icon, word, look }: { icon: IconName; word: string; look?: string }) {
  return (
    <span class={look}>
      <Icon name={icon} />
      {word}
    </span>
  );
}
