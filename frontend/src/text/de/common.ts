import type { common as english } from "../common";
import type { Translation } from "../language";

export const common: Translation<typeof english> = {
  product: "Conclave",
  titled: (page) => `${page} – Conclave`,
  skip: "Zum Inhalt springen",
  navigation: "Seiten",
  meetings: "Besprechungen",
  reports: "Berichte",
  administration: "Verwaltung",
  administrationPages: [
    ["/admin/people", "Personen"],
    ["/admin/policy", "Regeln"],
    ["/admin/embedding", "Einbettung"],
    ["/admin/webhooks", "Webhooks"],
    ["/admin/audit", "Protokoll"],
  ],
  profile: "Profil",
  profileOf: (name) => (name ? `${name}: Ihr Profil` : "Ihr Profil"),
  signIn: "Anmelden",
  signOut: "Abmelden",
  home: "Startseite",
  joinByNumber: "Mit der Nummer teilnehmen",
  cancel: "Abbrechen",
  close: "Schließen",
  save: "Speichern",
  language: "Sprache",
  when: (day, clock) => `${day}, ${clock}`,
  loading: "Einen Moment…",
  tryAgain: "Noch einmal versuchen",
  missing: "Diese Seite gibt es nicht",
  missingHelp: "Die Adresse ist vielleicht unvollständig. Nichts ging verloren.",
  brokenPage: "Diese Seite konnte nicht geladen werden",
  brokenPageHelp:
    "Vielleicht wurde Conclave gerade aktualisiert, oder die Verbindung ist unterbrochen. Laden Sie die Seite neu.",
  reload: "Neu laden",
};
