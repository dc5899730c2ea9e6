import type { embedding as english } from "../embedding";
import type { Translation } from "../language";

export const embedding: Translation<typeof english> = {
  title: "Einbettung",
  lead: "Zeigen Sie die Besprechungen dieser Site in den Seiten Ihres eigenen Produkts.",

  origins: "Seiten, die sie zeigen dürfen",
  originsNone: "Noch keine: Keine Seite darf eine Besprechung dieser Site zeigen.",
  originsEdit: "In den Regeln ändern",

  keys: "Schlüssel für Beitritts-Token",
  keysLead:
    "Ihr eigener Server kann Personen anmelden: Er macht für jede ein Token, signiert mit einem Schlüssel, den nur er hat. Tragen Sie hier dessen öffentliche Hälfte ein.",
  rotate:
    "Um einen Schlüssel zu wechseln, fügen Sie den neuen hinzu, lassen Ihren Server damit signieren und widerrufen dann den alten.",
  add: "Schlüssel hinzufügen",
  caption: "Schlüssel, die gültigen zuerst",
  empty: "Es gibt noch keinen Schlüssel: Niemand kommt mit einem Beitritts-Token herein.",
  name: "Name",
  algorithm: "Art",
  role: "Höchstens",
  used: "Zuletzt benutzt",
  never: "Nie",
  actions: "Aktionen",
  revoked: (when) => `Widerrufen ${when}`,
  made: (when, by) => `Hinzugefügt ${when} von ${by}`,
  roles: { host: "Gastgeber", presenter: "Vortrag", panelist: "Podium", attendee: "Teilnahme" },

  addLead: "Erzeugen Sie das Paar auf Ihrem eigenen Server. Die private Hälfte bleibt dort.",
  addGo: "Hinzufügen",
  adding: "Wird hinzugefügt…",
  nameHint: "Was damit signiert, so wie Sie es wiedererkennen.",
  nameMissing: "Geben Sie einen Namen ein.",
  publicKey: "Öffentlicher Schlüssel",
  publicKeyHint: "PEM oder JWK: Ed25519, oder RSA mit 2048 bis 4096 Bit.",
  publicKeyMissing: "Fügen Sie den öffentlichen Schlüssel ein.",
  roleHint: "Die stärkste Rolle, die ein Token dieses Schlüssels in einer Besprechung geben darf.",

  sample: "Beispiel",
  sampleOf: (name) => `Beispiel für ${name}`,
  sampleTitle: (name) => `Ein Token von ${name}`,
  sampleLead:
    "Ihr Server signiert für jede Person ein solches Token, mit einem neuen jti und höchstens einer Stunde von iat bis exp. Es gilt einmal.",
  sampleLabel: "Kopf und Angaben",
  copy: "Beispiel kopieren",
  copied: "Kopiert",
  done: "Fertig",

  rename: "Umbenennen",
  renameOf: (name) => `${name} umbenennen`,
  renaming: "Wird gespeichert…",

  revoke: "Widerrufen",
  revokeOf: (name) => `${name} widerrufen`,
  revokeTitle: (name) => `${name} widerrufen?`,
  revokeHelp:
    "Token dieses Schlüssels lassen von jetzt an niemanden herein. Wer in einer Besprechung ist, bleibt. Der Schlüssel kann nicht noch einmal hinzugefügt werden.",
  revokeYes: "Widerrufen",
};
