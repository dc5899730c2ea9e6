import type { Policy, Question } from "../lib/rest";
import { policy as words } from "../text/policy";

/** Switch is what of a policy is on or off. */
export type Switch = keyof typeof words.switches;

/** What is written as forbidden and shown as allowed: people turn things off, not on, to forbid them. */
export const shownTurned = (name: Switch): boolean => name.startsWith("disable");

/** withQuestionNames gives each new question a name for the records, made of what it asks. */
export function withQuestionNames(policy: Policy): Policy {
  const taken = new Set(policy.preSessionFields.map((q) => q.name.toLowerCase()).filter(Boolean));
  const preSessionFields = policy.preSessionFields.map((question) => {
    if (question.name) return question;
    const name = nameFor(question, taken);
    taken.add(name.toLowerCase());
    return { ...question, name };
  });
  return { ...policy, preSessionFields };
}

function nameFor({ label }: Question, taken: ReadonlySet<string>): string {
  const plain = label.normalize("NFD").replace(/\p{M}/gu, "");
  const base = plain
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^[^A-Za-z]+|_+$/g, "")
    .toLowerCase()
    .slice(0, 28);
  const first = base || "question";
  if (!taken.has(first)) return first;
  for (let n = 2; ; n++) if (!taken.has(`${first}_${n}`)) return `${first}_${n}`;
}

/** lines reads a text with one entry a line. */
export function lines(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

type Parts = { readonly [name in keyof Policy]: Policy[name] };

/** changes lists, in words, what is different in another version of the policy. */
export function changes(before: Policy, now: Policy): readonly string[] {
  return differing(before, now).map((name) =>
    words.wasNow(labelOf(name), shown(name, before), shown(name, now)),
  );
}

/** none is the policy of a new site: everything as it is where nobody says otherwise. */
export const none: Policy = {
  ...{ unlistAllMeetings: false, requireLoginBeforeAccess: false, requireMeetingPassword: false },
  ...{ requireStrongPassword: false, requireEmail: false, requireSecondFactor: false },
  ...{ allowSelfRegistration: false, approveForgotPassword: false, disableEmailInvitations: false },
  ...{ disableShareDesktop: false, disableShareApplication: false, disableFileTransfer: false },
  ...{ disableRemoteControl: false, disableRecording: false, disableChat: false },
  ...{ uniqueSupportNumber: false, preSessionFields: [], embedOrigins: [] },
  passwordCriteria: {
    ...{ minLength: 0, minStrength: 0, blockedWords: [] },
    ...{ requireMixedCase: false, requireDigit: false, requireSymbol: false },
  },
  disclaimer: { text: "", version: 0 },
  edrRetentionDays: 0,
  ipAddresses: "",
};

/** merged is mine, with what others changed since base wherever I changed nothing. */
export function merged(base: Policy, mine: Policy, theirs: Policy): Policy {
  const own = new Set(differing(base, mine));
  const kept = Object.fromEntries(Object.entries(mine).filter(([name]) => own.has(name)));
  return { ...theirs, ...kept };
}

/** same tells whether two policies say the same. */
export function same(a: Policy, b: Policy): boolean {
  return differing(a, b).length === 0;
}

function differing(a: Parts, b: Parts): readonly string[] {
  const other = new Map<string, unknown>(Object.entries(b));
  return Object.entries(a)
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(other.get(name)))
    .map(([name]) => name);
}

const labels: Readonly<Record<string, string>> = {
  passwordCriteria: words.criteria,
  preSessionFields: words.questions,
  disclaimer: words.disclaimer,
  embedOrigins: words.origins,
  edrRetentionDays: words.retention,
  ipAddresses: words.addresses,
};

function labelOf(name: string): string {
  return isSwitch(name) ? (words.switches[name][0] ?? name) : (labels[name] ?? name);
}

function shown(name: string, policy: Policy): string {
  if (isSwitch(name)) return policy[name] !== shownTurned(name) ? words.on : words.off;
  switch (name) {
    case "edrRetentionDays":
      return String(policy.edrRetentionDays);
    case "embedOrigins":
      return policy.embedOrigins.join(", ") || words.nothing;
    case "preSessionFields":
      return policy.preSessionFields.map((q) => q.label).join(", ") || words.nothing;
    case "disclaimer":
      return short(policy.disclaimer.text) || words.nothing;
    case "ipAddresses":
      return words.addressChoices.find(([value]) => value === policy.ipAddresses)?.[1] ?? "";
    default:
      return words.changedText;
  }
}

function short(text: string): string {
  return text.length > 60 ? `“${text.slice(0, 60)}…”` : text && `“${text}”`;
}

function isSwitch(name: string): name is Switch {
  return name in words.switches;
}
