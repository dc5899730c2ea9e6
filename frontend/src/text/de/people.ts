import type { Translation } from "../language";
import type { people as english } from "../people";

export const people: Translation<typeof english> = {
  title: "Personen",
  lead: "Wer hier ein Konto hat, und was man damit darf.",
  add: "Person hinzufügen",
  search: "Nach Name oder E-Mail suchen",
  searchGo: "Suchen",
  caption: "Personen, nach E-Mail",
  name: "Name",
  email: "E-Mail",
  role: "Rolle",
  state: "Konto",
  lastSignIn: "Letzte Anmeldung",
  never: "Nie",
  empty: "So heißt hier niemand.",
  more: "Weitere Personen zeigen",
  edit: "Bearbeiten",
  editOf: (name) => `${name} bearbeiten`,

  roleNames: {
    admin: "Verwaltung",
    host: "Gastgeber",
    csr: "Support",
    auditor: "Prüfung",
  },
  roleHint:
    "Gastgeber halten Besprechungen ab. Der Support hält auch Support-Sitzungen ab. Die Verwaltung kümmert sich um Personen und Regeln. Die Prüfung liest alles und ändert nichts.",
  states: { active: "Aktiv", invited: "Hat kein Passwort gewählt", disabled: "Gesperrt" },

  addTitle: "Person hinzufügen",
  addLead:
    "Sie bekommt einen Link, um ihr eigenes Passwort zu wählen. Er gilt einmal, sieben Tage lang.",
  addGo: "Hinzufügen",
  adding: "Wird hinzugefügt…",
  nameMissing: "Geben Sie einen Namen ein.",
  emailMissing: "Geben Sie eine E-Mail-Adresse ein.",

  saving: "Wird gespeichert…",
  disabled: "Gesperrt: Niemand kann sich mit diesem Konto anmelden",
  disabledHint: "Gilt sofort: Alle Browser und Programme dieser Person werden abgemeldet.",
  account: "Konto",
  newLink: "Neuen Link geben",
  delete: "Dieses Konto löschen",
  deleteTitle: (name) => `Das Konto von ${name} löschen?`,
  deleteHelp:
    "Dann ist es weg. Wer Besprechungen abgehalten hat, dessen Konto können Sie nur sperren.",
  deleteYes: "Löschen",

  handTitle: "Diesen Link übergeben",
  hand: (name, until) =>
    `Damit wählt ${name} ein Passwort, einmal, bis ${until}. Dieser Server sendet keine Mails: Übergeben Sie ihn selbst, wo niemand sonst mitliest. Er wird nicht noch einmal gezeigt.`,
  link: "Link",
  copy: "Link kopieren",
  copied: "Kopiert",
  mailedTitle: "Der Link ist unterwegs",
  mailed: (email, until) =>
    `Eine Mail an ${email} bringt einen Link, um ein Passwort zu wählen. Er gilt einmal, bis ${until}.`,
  done: "Fertig",

  requests: "Passwort vergessen",
  requestsLead:
    "Stimmen Sie nur zu, wenn Sie wissen, dass wirklich diese Person gefragt hat. Sie bekommt einen Link, um ein neues Passwort zu wählen.",
  asked: (when) => `Gefragt ${when}`,
  approve: "Zustimmen",
  approveOf: (name) => `Für ${name} zustimmen`,
  deny: "Ablehnen",
  denyOf: (name) => `Für ${name} ablehnen`,
};
