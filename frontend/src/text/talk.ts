import { catalogue, grammar } from "./language";

const { plural } = grammar("en");

/** Hands and reactions. */
export const talk = catalogue("talk", {
  raiseHand: "Raise hand",
  lowerHand: "Lower hand",
  handUp: "Hand up",
  hands: (n: number) => plural(n, { one: "# raised hand", other: "# raised hands" }),
  queue: "Speaking queue",
  queueHelp: "In the order in which they raised their hands.",
  raised: (name: string) => `${name} raised a hand`,
  youRaised: (place: number) =>
    place === 1 ? "Your hand is up. You are next." : `Your hand is up. You are number ${place}.`,
  youLowered: "Your hand is down.",
  somebody: "Somebody",
  loweredBy: (name: string) => `${name} lowered your hand.`,

  reactions: "Reactions",
  /** in the order of the signs they name */
  signs: ["Thumbs up", "Heart", "Laughter", "Applause", "Celebration"] as const,
  reacted: (name: string, sign: string) => `${name}: ${sign}`,
  reactedMany: (n: number) => `${n} people reacted`,
  reactionNotSent: "That was not sent. The connection may be interrupted.",
});
