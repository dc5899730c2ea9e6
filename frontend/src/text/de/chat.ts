import type { chat as english } from "../chat";
import { grammar, type Translation } from "../language";

const { plural } = grammar("de");

export const chat: Translation<typeof english> = {
  title: "Chat",
  close: "Chat schließen",
  lead: "Ende-zu-Ende-verschlüsselt, und am Ende der Besprechung verschwunden. Wer später kommt, sieht ihn nicht.",
  empty: "Noch wurde nichts geschrieben.",
  messages: "Nachrichten",
  newer: "Neue Nachrichten",
  unread: (n) => plural(n, { one: "# neue Nachricht", other: "# neue Nachrichten" }),

  you: "Sie",
  somebody: "Jemand, der gegangen ist",
  toHosts: "an die Gastgeber",
  toPresenters: "an die Vortragenden",
  onlyToYou: "nur an Sie",
  onlyTo: (name) => `nur an ${name}`,
  heard: (name, to, text) => (to ? `${name}, ${to}: ${text}` : `${name}: ${text}`),

  to: "An",
  everyone: "Alle",
  hosts: "Gastgeber",
  presenters: "Vortragende",
  gone: (name) => `${name} (nicht da)`,
  forbidden: (name) => `${name} (nicht erlaubt)`,
  forbiddenHelp:
    "Dahin dürfen Sie hier nicht schreiben. Wählen Sie jemand anderen; nichts wurde gesendet.",
  goneHelp:
    "Für wen das bestimmt ist, der ist nicht mehr da. Wählen Sie jemand anderen; nichts wurde gesendet.",
  message: "Nachricht",
  placeholder: "Enter sendet, Umschalt+Enter beginnt eine Zeile",
  send: "Senden",
  rest: (n) => plural(n, { one: "Noch # Zeichen", other: "Noch # Zeichen" }),
  tooLong: (n) =>
    plural(n, {
      one: "# Zeichen zu lang, um gesendet zu werden",
      other: "# Zeichen zu lang, um gesendet zu werden",
    }),
  notSent:
    "Das wurde nicht gesendet. Vielleicht ist die Verbindung unterbrochen; Ihr Text ist noch da.",
  notAllowed: "Sie können hier nicht schreiben. Lesen können Sie.",

  linkTitle: "Diese Adresse öffnen?",
  linkHelp: (site) =>
    `Sie wurde im Chat gesendet und führt zu ${site}. Sie öffnet sich in einem neuen Tab; die Besprechung geht weiter.`,
  open: "Öffnen",
};
