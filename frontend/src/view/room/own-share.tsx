import { ownShare, surfaceWords } from "../../model/announce";
import type { Commands } from "../../model/command";
import { wholeNumber } from "../../model/format";
import type { LocalScreen, Standing } from "../../model/source";
import { room as words } from "../../text/room";
import { sharing } from "../../text/sharing";
import { Icon } from "../icon";
import { Video } from "../video";
import { ContentMenu } from "./content";

export interface OwnShareProps {
  readonly screen: LocalScreen;
  /** what the others see of it */
  readonly screenStream: MediaStream | null;
  /** null while the share is not frozen, or not yet for sure */
  readonly standing: Standing | null;
  readonly commands: Commands;
}

/**
 * OwnShare is the plain statement that one shows something, what, and whether it stands
 * still. What is read out has its place before there is anything to read: a region that
 * comes together with its text is often passed over.
 */
export function OwnShare(props: OwnShareProps) {
  const on = props.screen.state === "on";
  return (
    <>
      <p class="unseen" role="status">
        {on ? ownShare(props.screen, props.standing) : ""}
      </p>
      {on ? <Shared {...props} /> : null}
    </>
  );
}

function Shared(props: OwnShareProps) {
  const { screen } = props;
  const frozen = screen.frozen !== "no";
  return (
    <section class={frozen ? "own-share frozen" : "own-share"} aria-label={words.yourShare}>
      <Preview {...props} />
      {frozen ? <Frozen {...props} /> : <Live {...props} />}
      <div class="actions">
        <Act command={props.commands.pauseSharing} look="button primary" />
        <Act command={props.commands.blankSharing} />
        <Act command={props.commands.shareOther} />
        <ContentMenu screen={screen} commands={props.commands} />
      </div>
    </section>
  );
}

/** A screen that moves would show this page, and in it itself, over and over. */
function Preview({ screen, screenStream }: OwnShareProps) {
  if (screen.surface === "monitor" && screen.frozen === "no") return null;
  return (
    <figure>
      <Video stream={screenStream} shown label={sharing.preview} />
      <figcaption>{sharing.preview}</figcaption>
    </figure>
  );
}

function Live({ screen }: OwnShareProps) {
  return (
    <p>
      <strong>
        <Icon name="screen" />
        {words.youShare(surfaceWords(screen.surface))}
      </strong>
      <span>{words.youShareHelp}</span>
      {screen.surface === "monitor" ? <span>{sharing.noPreview}</span> : null}
    </p>
  );
}

function Frozen({ screen, standing }: OwnShareProps) {
  const blank = screen.frozen === "blank";
  if (!standing) return <p>{sharing.freezing}</p>;
  return (
    <p>
      <strong class="frozen-title">{blank ? sharing.blankTitle : sharing.frozenTitle}</strong>
      <span>{blank ? sharing.blankHelp : sharing.frozenHelp}</span>
      <span class="frozen-count">
        {sharing.bytes(wholeNumber(standing.bytes))} {sharing.repeats(standing.repeats)}
      </span>
    </p>
  );
}

function Act(props: { command: Commands[keyof Commands]; look?: string }) {
  const { command, look = "button" } = props;
  if (!command) return null;
  return (
    <button type="button" class={look} aria-busy={command.busy} onClick={command.run}>
      {command.label}
    </button>
  );
}
