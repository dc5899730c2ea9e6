import type { JoinForm, Question, SiteInfo } from "../lib/rest";
import { join as words } from "../text/join";

/** Asked is what a site wants to know of somebody before they come in. */
export interface Asked {
  readonly email: boolean;
  readonly questions: readonly Question[];
  /** null where there is nothing to agree to */
  readonly disclaimer: SiteInfo["disclaimer"] | null;
}

interface Who {
  readonly host: boolean;
  readonly signedIn: boolean;
  /** whether the meeting asks for an address, whatever its site does */
  readonly email: boolean;
}

/** askedOf is what a site and a meeting ask of who comes. The host of the meeting is asked nothing. */
export function askedOf(site: SiteInfo, { host, signedIn, email }: Who): Asked {
  if (host) return { email: false, questions: [], disclaimer: null };
  return {
    email: (site.requireEmail || email) && !signedIn,
    questions: site.preSessionFields,
    disclaimer: site.disclaimer.text ? site.disclaimer : null,
  };
}

/** The names of fields, apart from those of the door's own. */
export const inputOf = (question: Question) => `field ${question.name}`;

/** missingIn says, for each field that must be filled, what to do when it is not. */
export function missingIn(asked: Asked | null): Readonly<Record<string, string>> {
  const missing: Record<string, string> = {};
  if (asked?.email) missing["email"] = words.emailMissing;
  for (const question of asked?.questions ?? []) {
    if (question.required) missing[inputOf(question)] = words.questionMissing(question.label);
  }
  if (asked?.disclaimer) missing["agree"] = words.agreeMissing;
  return missing;
}

/** filled is what was asked and filled in, as a join sends it. */
export function filled(
  asked: Asked | null,
  values: Readonly<Record<string, string>>,
): Pick<JoinForm, "email" | "fields" | "disclaimerHash"> {
  if (!asked) return {};
  const fields: Record<string, string> = {};
  for (const question of asked.questions) {
    const answer = values[inputOf(question)]?.trim();
    if (answer) fields[question.name] = answer;
  }
  return {
    ...(asked.email ? { email: (values["email"] ?? "").trim() } : {}),
    ...(asked.questions.length > 0 ? { fields } : {}),
    ...(asked.disclaimer ? { disclaimerHash: asked.disclaimer.hash } : {}),
  };
}
