import { grammar, type Translation } from "../language";
import type { talk as english } from "../talk";

const { plural } = grammar("de");

export const talk: Translation<typeof english> = {
  raiseHand: "Hand heben",
  lowerHand: "Hand senken",
  handUp: "Hand oben",
  hands: (n) => plural(n, { one: "# gehobene Hand", other: "# gehobene Hände" }),
  queue: "Redeliste",
  queueHelp: "In der Reihenfolge, in der die Hände gehoben wurden.",
  raised: (name) => `${name} hat die Hand gehoben`,
  youRaised: (place) =>
    place === 1
      ? "Ihre Hand ist oben. Sie sind als Nächstes dran."
      : `Ihre Hand ist oben. Sie sind Nummer ${place}.`,
  youLowered: "Ihre Hand ist unten.",
  somebody: "Jemand",
  loweredBy: (name) => `${name} hat Ihre Hand gesenkt.`,

  reactions: "Reaktionen",
  signs: ["Daumen hoch", "Herz", "Lachen", "Applaus", "Feiern"],
  reacted: (name, sign) => `${name}: ${sign}`,
  reactedMany: (n) =>
    plural(n, { one: "# Person hat reagiert", other: "# Personen haben reagiert" }),
  reactionNotSent: "Das wurde nicht gesendet. Vielleicht ist die Verbindung unterbrochen.",
};
