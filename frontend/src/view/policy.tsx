import type { PasswordCriteria, Policy } from "../lib/rest";
import { type Switch, shownTurned } from "../model/policy";
import { common } from "../text/common";
import { policy as words } from "../text/policy";
import { Admin, type AdminProps } from "./admin";
import { Problem } from "./form";
import { Amount, Area, Choice, Group, List, QuestionsEditor, Tick } from "./policy-parts";

export interface PolicyProps {
  readonly account: AdminProps["account"];
  /** as it stands in the form; null until it was read */
  readonly policy: Policy | null;
  readonly readOnly: boolean;
  readonly changed: boolean;
  readonly saved: boolean;
  /** what somebody else changed meanwhile, in words */
  readonly theirs: readonly string[];
  readonly busy: boolean;
  readonly problem: string;
  readonly onChange: (change: Partial<Policy>) => void;
  readonly onSave: () => void;
}

/** PolicyPage is everything a site's administrator decides, in groups. */
export function PolicyPage(props: PolicyProps) {
  const { policy, readOnly, onSave } = props;
  const submit = (event: Event) => {
    event.preventDefault();
    onSave();
  };
  return (
    <Admin account={props.account} here="/admin/policy" title={words.title}>
      <p class="lead">{words.lead}</p>
      {readOnly && policy ? <p class="hint">{words.readOnly}</p> : null}
      {policy ? (
        <form class="policy" noValidate onSubmit={submit}>
          <fieldset disabled={readOnly} class="policy-all">
            <legend class="unseen">{words.title}</legend>
            <Groups {...props} policy={policy} />
          </fieldset>
          {readOnly ? null : <Saving {...props} />}
        </form>
      ) : (
        <>
          {props.problem ? null : <p role="status">{common.loading}</p>}
          <Problem text={props.problem} />
        </>
      )}
    </Admin>
  );
}

type GroupsProps = PolicyProps & { readonly policy: Policy };

function Groups(props: GroupsProps) {
  const { policy, onChange } = props;
  const tick = (name: Switch) => <SwitchTick key={name} name={name} {...{ policy, onChange }} />;
  return (
    <>
      <Group title={words.groups.meetings}>
        {(["unlistAllMeetings", "requireMeetingPassword", "disableEmailInvitations"] as const).map(
          tick,
        )}
      </Group>
      <Joining {...props} />
      <Group title={words.groups.inside} help={words.allowed}>
        {inside.map(tick)}
      </Group>
      <Group title={words.groups.accounts}>
        {accounts.map(tick)}
        {policy.requireStrongPassword ? (
          <Criteria
            criteria={policy.passwordCriteria}
            onChange={(change) =>
              onChange({ passwordCriteria: { ...policy.passwordCriteria, ...change } })
            }
          />
        ) : null}
      </Group>
      <Group title={words.groups.records}>
        <Amount
          label={words.retention}
          hint={words.retentionHint}
          value={policy.edrRetentionDays}
          most={36_500}
          onValue={(edrRetentionDays) => onChange({ edrRetentionDays })}
        />
        <Choice
          label={words.addresses}
          value={policy.ipAddresses}
          choices={words.addressChoices}
          onValue={(ipAddresses) => onChange({ ipAddresses })}
        />
      </Group>
      <Group title={words.groups.embedding}>
        <List
          label={words.origins}
          hint={words.originsHint}
          value={policy.embedOrigins}
          onValue={(embedOrigins) => onChange({ embedOrigins })}
        />
      </Group>
    </>
  );
}

const inside: readonly Switch[] = [
  "disableChat",
  "disableShareApplication",
  "disableShareDesktop",
  "disableFileTransfer",
  "disableRemoteControl",
  "disableRecording",
];
const accounts: readonly Switch[] = [
  "allowSelfRegistration",
  "approveForgotPassword",
  "requireSecondFactor",
  "requireStrongPassword",
];

function Joining({ policy, readOnly, onChange }: GroupsProps) {
  return (
    <Group title={words.groups.joining}>
      {(["requireLoginBeforeAccess", "requireEmail"] as const).map((name) => (
        <SwitchTick key={name} name={name} {...{ policy, onChange }} />
      ))}
      <Area
        label={words.disclaimer}
        hint={words.disclaimerHint}
        value={policy.disclaimer.text}
        rows={6}
        onValue={(text) => onChange({ disclaimer: { ...policy.disclaimer, text } })}
      />
      <QuestionsEditor
        questions={policy.preSessionFields}
        readOnly={readOnly}
        onChange={(preSessionFields) => onChange({ preSessionFields })}
      />
    </Group>
  );
}

interface SwitchProps extends Pick<GroupsProps, "policy" | "onChange"> {
  readonly name: Switch;
}

function SwitchTick({ name, policy, onChange }: SwitchProps) {
  const [label = "", hint] = words.switches[name];
  const turned = shownTurned(name);
  return (
    <Tick
      label={label}
      hint={hint}
      on={policy[name] !== turned}
      onChange={(on) => onChange({ [name]: on !== turned })}
    />
  );
}

interface CriteriaProps {
  readonly criteria: PasswordCriteria;
  readonly onChange: (change: Partial<PasswordCriteria>) => void;
}

function Criteria({ criteria, onChange }: CriteriaProps) {
  return (
    <div class="policy-criteria">
      <h3>{words.criteria}</h3>
      <Amount
        label={words.minLength}
        hint={words.minLengthHint}
        value={criteria.minLength}
        most={64}
        onValue={(minLength) => onChange({ minLength })}
      />
      <Choice
        label={words.minStrength}
        value={String(criteria.minStrength)}
        choices={words.strengths}
        onValue={(value) => onChange({ minStrength: Number(value) })}
      />
      <List
        label={words.blockedWords}
        hint={words.blockedWordsHint}
        value={criteria.blockedWords}
        onValue={(blockedWords) => onChange({ blockedWords })}
      />
      <fieldset>
        <legend>{words.composition}</legend>
        {(["requireMixedCase", "requireDigit", "requireSymbol"] as const).map((name) => (
          <Tick
            key={name}
            label={words[name]}
            on={criteria[name]}
            onChange={(on) => onChange({ [name]: on })}
          />
        ))}
      </fieldset>
    </div>
  );
}

/** Saving stays in view: the button, and what came of it. */
function Saving({ changed, saved, theirs, busy, problem }: PolicyProps) {
  return (
    <div class="policy-save">
      {theirs.length > 0 ? (
        <div role="alert" class="policy-theirs">
          <p>{words.stale}</p>
          <ul>
            {theirs.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
          <p>{words.staleHelp}</p>
        </div>
      ) : null}
      <Problem text={problem} />
      <div class="actions">
        <button type="submit" class="button primary" aria-disabled={busy}>
          {busy ? words.saving : words.save}
        </button>
        <p class="hint" role="status">
          {saved && !changed ? words.saved : changed ? words.unsaved : ""}
        </p>
      </div>
    </div>
  );
}
