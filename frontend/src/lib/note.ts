import { recall, remember } from "./storage";

const key = "back";

/** stayed is as whom this tab was last in the meeting of that number; "" where it is not in it any more. */
export function stayed(number: string): string {
  return recall(`stay ${number}`);
}

/** noteStay keeps that; "" forgets it. */
export function noteStay(number: string, participant: string): void {
  remember(`stay ${number}`, participant);
}

/** leaveNote keeps a text for the next page of this tab. */
export function leaveNote(text: string): void {
  remember(key, text);
}

/** takeNote takes it out, for whatever it is worth; "" when there is none. Every page does, so that none stays. */
export function takeNote(): string {
  const text = recall(key);
  remember(key, "");
  return text;
}
