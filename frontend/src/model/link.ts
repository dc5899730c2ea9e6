import { digitsOf } from "./format";

/** fullLink is what is sent to the invited: the address of the meeting and, behind the #, the secret. */
export function fullLink(webLink: string, secret: string): string {
  return `${webLink}#${secret}`;
}

/**
 * secretIn finds the secret of a meeting's link in what somebody pasted: the link
 * or a whole invitation. "" when there is none, or it is another meeting's.
 */
export function secretIn(text: string, number: string): string {
  for (const [, digits = "", secret = ""] of text.matchAll(/\/j\/([\d-]+)#([\w-]{43})(?![\w-])/g)) {
    if (digitsOf(digits) === number) return secret;
  }
  return "";
}
