import { useId } from "preact/hooks";
import type { GroupView, Member } from "../../lib/group/view";
import type { RoomState } from "../../model/room";
import { type Met, type Protection, picturesOf, readers, standing } from "../../model/security";
import { moderation } from "../../text/moderation";
import { room } from "../../text/room";
import { security as words } from "../../text/security";
import { Icon } from "../icon";
import { Avatar, Badge } from "./badge";
import { Panel, PanelBody } from "./panel";

export interface SecurityProps {
  readonly state: RoomState;
  /** whether members are in the group whom this person is not to see */
  readonly hidden: boolean;
  readonly protection: Protection;
  /** what this device knows of people from before, by participant */
  readonly met: ReadonlyMap<string, Met>;
  /** who is known to have come by number and password, by participant */
  readonly byPassword: ReadonlySet<string>;
  readonly onClose: () => void;
}

/** Security shows what protects the meeting, and lets people see for themselves. */
export function Security(props: SecurityProps) {
  const { state, protection } = props;
  return (
    <Panel name={words.title} title={words.title} close={words.close} onClose={props.onClose}>
      <PanelBody look="security">
        <div class="security-part">
          <p class="security-state" data-protection={protection}>
            <Icon name={protection === "stopped" ? "warning" : "protected"} />
            {words.state[protection]}
          </p>
          {words.details[protection].map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
        {state.group && protection === "encrypted" ? <Code group={state.group} /> : null}
        {state.group ? <Readers {...props} group={state.group} /> : null}
        <section class="security-part">
          <h3>{words.server}</h3>
          <p>{words.serverHelp}</p>
        </section>
      </PanelBody>
    </Panel>
  );
}

function Code({ group }: { group: GroupView }) {
  return (
    <section class="security-part">
      <h3>{words.code}</h3>
      <fieldset class="code" dir="ltr" aria-label={words.code}>
        {group.code.map((digits, i) => (
          // Said digit by digit, as one reads them aloud.
          <span role="img" aria-label={[...digits].join(" ")} key={i}>
            {`${digits} `}
          </span>
        ))}
      </fieldset>
      <ul class="pictures" aria-label={words.pictures}>
        {picturesOf(group.pictures).map(({ picture, name }, i) => (
          <li key={i}>
            <span aria-hidden="true">{picture}</span>
            {name}
          </li>
        ))}
      </ul>
      <h4>{words.compare}</h4>
      {words.compareHelp.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </section>
  );
}

function Readers(props: SecurityProps & { group: GroupView }) {
  const { group, byPassword, hidden, state } = props;
  const id = useId();
  const doors = group.members.some((member) => byPassword.has(member.participant));
  return (
    <section class="security-part" aria-labelledby={id}>
      <h3 id={id}>{words.readers}</h3>
      {doors ? (
        <p class="door-note">
          <Icon name="warning" />
          <span>{words.byPasswordHelp}</span>
        </p>
      ) : null}
      {hidden ? (
        <>
          <p>{room.people(group.members.length)}</p>
          <p>{moderation.hiddenPeople}</p>
        </>
      ) : null}
      <ul class="people">
        {readers(state, hidden).map((member) => (
          <Reader key={member.participant} member={member} {...props} />
        ))}
      </ul>
    </section>
  );
}

function Reader(props: SecurityProps & { member: Member }) {
  const { member, state } = props;
  const { participant, name, role } = member;
  const self = participant === state.self;
  const met = self ? undefined : props.met.get(participant);
  return (
    <li>
      <Avatar id={participant} name={name} />
      <div class="person">
        <p class="name">
          <bdi>{self ? room.youNamed(name) : name}</bdi>
        </p>
        <p class="standing">
          {role === "host" ? <span>{words.host}</span> : null}
          <span>{standing(member)}</span>
          {props.byPassword.has(participant) ? (
            <Badge icon="warning" word={words.byPassword} look="amber" />
          ) : null}
          {met === "changed" ? (
            <Badge icon="warning" word={words.met.changed} look="amber" />
          ) : null}
          {met === "met" || met === "new" ? <span>{words.met[met]}</span> : null}
          {state.absent.includes(member) ? <span>{words.absent}</span> : null}
        </p>
      </div>
    </li>
  );
}
