import type { Ended, WaitingFor } from "../../lib/wire.gen";

/** Phase is where somebody is on their way through a meeting. */
export type Phase =
  | { readonly at: "entering" }
  | { readonly at: "waiting"; readonly title: string; readonly for: WaitingFor }
  | { readonly at: "inside" }
  /** between two stays; trying is false when only the person can go on, why says more */
  | { readonly at: "lost"; readonly trying: boolean; readonly why: string }
  | { readonly at: "left" }
  | { readonly at: "turned_away"; readonly why: Away }
  | { readonly at: "ended"; readonly ended: Ended | null };

/** Away is why a door that was open to this person is not any more. */
export type Away = "denied" | "locked" | "expelled" | "wrong_key";
