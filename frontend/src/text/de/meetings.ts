import { grammar, type Translation } from "../language";
import type { meetings as english } from "../meetings";

const { plural } = grammar("de");

export const meetings: Translation<typeof english> = {
  title: "Ihre Besprechungen",
  schedule: "Besprechung planen",
  upcoming: "Heute und demnächst",
  past: "Vergangen",
  empty: "Nichts ist geplant.",
  emptyHelp:
    "Planen Sie eine Besprechung, und senden Sie die Einladung an alle, die Sie sehen möchten.",
  running: "Läuft gerade",
  ended: "Zu Ende",
  number: "Nummer",
  link: "Link",
  password: "Passwort",
  start: "Beginnen",
  rejoin: "Wieder teilnehmen",
  starting: "Beginnt…",
  copy: "Einladung kopieren",
  copied: "Kopiert",
  copiedByNumber: "Kopiert: Nummer und Passwort, ohne den Link",
  noLink: "Dieses Gerät hat den Link dieser Besprechung nicht",
  noLinkHelp:
    "Das Geheimnis des Links bleibt auf dem Gerät, auf dem er entstand, damit kein Server es erfährt. Ohne ihn enthält die Einladung nur Nummer und Passwort.",
  newLink: "Neuen Link erstellen",
  newLinkTitle: (title) => `Einen neuen Link für „${title}“ erstellen?`,
  newLinkHelp:
    "Der Link in früheren Einladungen gilt dann nicht mehr. Senden Sie die neue Einladung an alle, die mit dem Link kommen sollen.",
  pasteLink: "Link einfügen",
  pasteLinkTitle: "Den Link einer Einladung benutzen",
  pasteLinkHelp: "Er wird nur auf diesem Gerät aufbewahrt.",
  invitationLink: "Link der Einladung",
  invitationLinkHint: "Die ganze Adresse, zum Beispiel aus der Einladung, die Sie gesendet haben.",
  useLink: "Diesen Link benutzen",
  usingLink: "Wird geprüft…",
  invitationLinkMissing: "Fügen Sie den Link ein.",
  notThisLink:
    "Das ist nicht der Link dieser Besprechung, wie er jetzt ist. Kopieren Sie ihn ganz, bis zum Ende, aus der neuesten Einladung.",
  copyFailed: "Der Browser ließ uns nicht kopieren. Kopieren Sie es von hier:",
  invitationText: "Einladung",
  edit: "Bearbeiten",
  remove: "Löschen",
  removeTitle: (title) => `„${title}“ löschen?`,
  removeHelp:
    "Nummer und Link gelten dann für niemanden mehr, und wer per Mail eingeladen ist, wird benachrichtigt. Berichte über vergangene Sitzungen bleiben.",
  removeYes: "Besprechung löschen",
  actionsFor: (title) => `Aktionen für ${title}`,

  formTitle: "Titel",
  formStart: "Beginn",
  formPassword: "Passwort der Besprechung",
  formPasswordHint:
    "Für alle, die mit der Nummer teilnehmen. Der Server kennt es; der Link, der ohne auskommt, ist deshalb der stärkere Schlüssel.",
  timesIn: (zone) => `Nach den Uhren von ${zone}.`,
  more: "Weitere Einstellungen",
  minutes: "Dauer in Minuten",
  timeZone: "Zeitzone",
  repeat: "Wiederholung",
  times: "Wie oft",
  timesHint: "Für eine Besprechung, die sich wiederholt: 1 bis 366.",
  once: "Einmalig",
  daily: "Jeden Tag",
  weekdays: "Jeden Werktag, Montag bis Freitag",
  weekly: "Jede Woche",
  fortnightly: "Alle zwei Wochen",
  monthly: "Jeden Monat, am selben Tag",
  yearly: "Jedes Jahr",
  asItIs: "Wie bisher",
  repeatsTimes: (rhythm, times) => `${rhythm}, ${times}-mal`,
  repeatsOften: "Wiederholt sich",
  next: "Nächste",
  hostedFor: (name) => `Für ${name}`,
  agenda: "Tagesordnung",
  invitees: "Per E-Mail einladen",
  inviteesHint:
    "Sie bekommen jetzt eine Mail, und wieder, wenn sich etwas ändert. Sie enthält Nummer und Passwort, nicht den Link: Sein Geheimnis bleibt bei Ihnen.",
  hosts: "Wer sie sonst beginnen darf",
  hostsHint: "E-Mail-Adressen von Personen, die hier Besprechungen abhalten.",
  service: "Art der Besprechung",
  services: [
    ["MeetingCenter", "Besprechung"],
    ["TrainingCenter", "Schulung"],
    ["EventCenter", "Veranstaltung"],
    ["SupportCenter", "Support"],
  ],
  lobbyOption: "Mich fragen, bevor jemand hereinkommt",
  accountOption: "Nur Personen, die hier angemeldet sind",
  addressOption: "Gäste nach ihrer E-Mail-Adresse fragen",
  unmailedOption: "Das Passwort nicht in Mails schreiben",
  publicOption: "Auf der Startseite zeigen, für alle",
  send: "Einladungen senden",
  sendTitle: (title) => `Zu „${title}“ einladen`,
  sendTo: "E-Mail-Adressen",
  sendToHint: "Eine pro Zeile, oder durch Kommas getrennt.",
  sendMissing: "Sagen Sie, wen Sie einladen möchten.",
  sending: "Wird gesendet…",
  sendMeaning:
    "Die Mail enthält Nummer und Passwort. Für den stärkeren Weg hinein kopieren Sie die Einladung mit ihrem Link und senden sie selbst, vertraulich.",
  sent: (count) =>
    plural(count, {
      one: "Eine Einladung ist unterwegs",
      other: "# Einladungen sind unterwegs",
    }),

  formSchedule: "Planen",
  scheduling: "Wird geplant…",
  editTitle: "Besprechung bearbeiten",
  saving: "Wird gespeichert…",
  meaning:
    "Nicht gelistet und Ende-zu-Ende-verschlüsselt. Herein kommt man mit dem Link, oder mit Nummer und Passwort. Alle warten, bis Sie beginnen, und kommen stumm herein.",
  titleMissing: "Geben Sie der Besprechung einen Titel.",
  startMissing: "Sagen Sie, wann sie beginnt.",
  passwordMissing: "Geben Sie der Besprechung ein Passwort.",
  zone: (name) => `Zeiten gelten in Ihrer Zeitzone, ${name}.`,

  invitation: (m) =>
    [
      ...head(m),
      `Teilnehmen: ${m.link}`,
      "",
      `Oder mit der Nummer: ${m.number}`,
      `Passwort der Besprechung: ${m.password}`,
    ].join("\n"),
  invitationByNumber: (m) =>
    [
      ...head(m),
      `Teilnehmen: ${m.address}`,
      `Besprechungsnummer: ${m.number}`,
      `Passwort der Besprechung: ${m.password}`,
    ].join("\n"),
};

function head(m: { host: string; title: string; when: string; zone: string }): readonly string[] {
  return [`${m.host} lädt Sie zu einer Besprechung ein`, "", m.title, `${m.when} (${m.zone})`, ""];
}
