import type { Translation } from "../language";
import type { policy as english } from "../policy";

export const policy: Translation<typeof english> = {
  title: "Regeln",
  lead: "Was an dieser Site für alle gilt. Eine Besprechung kann strenger sein, nie lockerer. Laufende Besprechungen folgen innerhalb von zwei Sekunden.",
  readOnly: "Sie können die Regeln lesen. Nur die Verwaltung kann sie ändern.",
  save: "Regeln speichern",
  saving: "Wird gespeichert…",
  saved: "Gespeichert. Das gilt ab jetzt.",
  unsaved: "Es gibt Änderungen, die noch nicht gespeichert sind.",
  stale:
    "Jemand anderes hat die Regeln geändert, während Sie es taten. Noch wurde nichts gespeichert. Das wurde geändert:",
  staleHelp:
    "Diese Änderungen stehen jetzt im Formular, außer wo Sie dasselbe geändert haben. Sehen Sie es durch, und speichern Sie dann noch einmal.",
  wasNow: (label, before, now) => `${label}: ${before} → ${now}`,
  on: "an",
  off: "aus",
  nothing: "nichts",
  changedText: "geändert",

  groups: {
    meetings: "Besprechungen",
    joining: "Teilnehmen",
    inside: "In der Besprechung",
    accounts: "Konten und Passwörter",
    records: "Datenschutz und Berichte",
    embedding: "Einbetten",
  },

  switches: {
    unlistAllMeetings: [
      "Keine Besprechung listen",
      "Keine Seite zeigt, dass es eine Besprechung gibt. Man kommt mit dem Link, oder mit Nummer und Passwort.",
    ],
    requireMeetingPassword: [
      "Jede Besprechung braucht ein Passwort",
      "Besprechungen ohne Passwort können nicht geplant, begonnen oder besucht werden, bis sie eines haben.",
    ],
    requireLoginBeforeAccess: [
      "Vor allem anderen anmelden",
      "Nur wer hier ein Konto hat, sieht irgendeine Seite oder nimmt an einer Besprechung teil, auch mit einem Link.",
    ],
    requireEmail: [
      "Nach einer E-Mail-Adresse fragen",
      "Gäste geben sie ein, bevor sie hereinkommen. Sie steht in den Berichten.",
    ],
    requireStrongPassword: [
      "Starke Passwörter für Konten und Besprechungen",
      "Leicht zu erratende Passwörter werden abgelehnt. Besprechungen mit einem schwachen brauchen ein neues, bevor sie beginnen.",
    ],
    requireSecondFactor: [
      "Ein zweiter Faktor für Verwaltung und Prüfung",
      "Jede Anmeldung wird mit einem Passkey oder einer App bestätigt.",
    ],
    allowSelfRegistration: [
      "Jeder darf selbst ein Konto anlegen",
      "Ohne dies lädt die Verwaltung ein.",
    ],
    approveForgotPassword: [
      "Die Verwaltung stimmt jedem vergessenen Passwort zu",
      "Vorher geht kein Link zum Wählen eines neuen hinaus.",
    ],
    disableEmailInvitations: [
      "Einladungen per E-Mail senden",
      "Ohne dies kopieren Gastgeber die Einladung und senden sie selbst.",
    ],
    disableChat: ["Chat", "Nachrichten unter den Personen in einer Besprechung."],
    disableShareDesktop: [
      "Den ganzen Bildschirm teilen",
      "Alles darauf wird gesehen, auch was aufspringt.",
    ],
    disableShareApplication: ["Ein Fenster oder einen Browser-Tab teilen", "Nur das wird gesehen."],
    disableFileTransfer: ["Dateien senden", "Von einer Person an die anderen."],
    disableRemoteControl: [
      "Fernsteuerung",
      "Eine Person lässt eine andere Maus und Tastatur benutzen.",
    ],
    disableRecording: ["Aufnehmen", "Der Gastgeber behält Ton und Bild der Besprechung."],
  },
  allowed: "Was man darf. Schalten Sie aus, was an dieser Site niemand soll.",

  criteria: "Wie stark ein Passwort sein muss",
  minLength: "Zeichen, mindestens",
  minLengthHint: "0 verlangt 8; weniger geht nirgends.",
  minStrength: "Schwer zu erraten",
  strengths: [
    ["0", "Üblich: für Jahre des Ratens an einer Anmeldung"],
    ["1", "Ein wenig"],
    ["2", "Mittel"],
    ["3", "Gut"],
    ["4", "Sehr gut"],
  ],
  blockedWords: "Wörter, die kein Passwort enthalten darf",
  blockedWordsHint:
    "Eines pro Zeile, zum Beispiel Produktnamen. Namen und Titel werden in jedem Fall abgelehnt.",
  requireMixedCase: "Kleine und große Buchstaben",
  requireDigit: "Eine Ziffer",
  requireSymbol: "Ein Zeichen, das keines von beiden ist",
  composition:
    "Außerdem verlangen (das macht Passwörter schwerer zu merken, und kaum schwerer zu erraten)",

  questions: "Fragen, bevor jemand hereinkommt",
  questionsHelp: "Gäste beantworten sie einmal, an der Tür. Die Antworten stehen in den Berichten.",
  question: (n) => `Frage ${n}`,
  label: "Was gefragt wird",
  required: "Muss beantwortet werden",
  choices: "Antworten zur Auswahl",
  choicesHint: "Eine pro Zeile. Ohne Auswahl schreibt jeder, was er möchte.",
  addQuestion: "Frage hinzufügen",
  removeQuestion: (n) => `Frage ${n} entfernen`,

  disclaimer: "Text, dem man zustimmt, bevor man hereinkommt",
  disclaimerHint:
    "Lassen Sie ihn leer, wenn es keinen gibt. Wer teilnimmt, setzt ein Häkchen, und die Berichte merken sich, welcher Text es war.",

  retention: "Tage, die Berichte aufbewahrt werden",
  retentionHint: "0 bewahrt sie für immer auf.",
  addresses: "Netzadressen in den Berichten",
  addressChoices: [
    ["", "Die ganze Adresse aufbewahren"],
    ["truncated", "Nur das Netz aufbewahren (den Anfang der Adresse)"],
    ["none", "Keine aufbewahren"],
  ],

  origins: "Websites, die Besprechungen in ihren Seiten zeigen dürfen",
  originsHint: "Eine pro Zeile, etwa https://www.example.org. Ohne Eintrag darf es keine.",
};
