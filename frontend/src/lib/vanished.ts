import { leaveNote } from "./note";
import type { JoinForm } from "./rest";

/** Vanished is how somebody was in a meeting whose page went while they were in. */
export interface Vanished {
  /** with what they came in, but for what opens doors */
  readonly form: JoinForm;
  /** which of their devices were on */
  readonly on: readonly ("microphone" | "camera")[];
  /** which they had chosen, by their ids; empty is the system's choice */
  readonly chosen: Readonly<Record<"microphone" | "camera" | "speaker", string>>;
  /** whether the microphone gave its sound as it is, and the camera a blurred background */
  readonly plain: boolean;
  readonly blurred: boolean;
}

/** For so long the server holds the stay of who was in. In milliseconds. */
const heldFor = 60_000;

/** vanish leaves a note of that for the next page of this tab. */
export function vanish({ form, ...devices }: Vanished): void {
  const { linkProof: _, password: __, joinToken: ___, ...rest } = form;
  leaveNote(JSON.stringify({ form: rest, ...devices, at: Date.now() }));
}

/**
 * vanished reads a note of the meeting with this number, if this page is that one loaded
 * anew, and soon enough: a tab that is duplicated or restored asks at the door.
 */
export function vanished(note: string, number: string): Vanished | null {
  const [load] = performance.getEntriesByType("navigation");
  if (!note || (load as PerformanceNavigationTiming | undefined)?.type !== "reload") return null;
  const { at, ...rest } = JSON.parse(note) as Vanished & { readonly at: number };
  const held = rest.form.meetingNumber === number && Date.now() - at < heldFor;
  return held ? rest : null;
}
