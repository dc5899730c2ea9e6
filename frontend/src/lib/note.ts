import { recall, remember } from "./storage";

const key = "back";

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
