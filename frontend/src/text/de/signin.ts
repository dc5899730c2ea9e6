import { grammar, type Translation } from "../language";
import type { signin as english } from "../signin";

const { plural } = grammar("de");

export const signin: Translation<typeof english> = {
  passkey: "Mit einem Passkey anmelden",
  provider: (label) => `Weiter mit ${label}`,
  or: "oder",
  noPasskey:
    "Es wurde kein Passkey benutzt. Wenn Sie einen für diese Site haben, versuchen Sie es noch einmal; sonst melden Sie sich mit Ihrem Passwort an.",
  oldBrowser:
    "Dieser Browser kennt keine Passkeys. Benutzen Sie einen neueren, oder melden Sie sich mit Ihrem Passwort an.",

  codeTitle: "Ihr zweiter Faktor",
  codeLead: "Das Passwort stimmt. Geben Sie jetzt den Code ein, den Ihre Authenticator-App zeigt.",
  code: "Code",
  codeHint: "Sechs Ziffern. Ohne Ihr Telefon nehmen Sie einen Ihrer Wiederherstellungscodes.",
  codeMissing: "Geben Sie den Code ein.",
  startOver: "Von vorn beginnen",

  title: "Anmeldung und Sicherheit",
  lead: "Wie Sie sich hier anmelden, und was andere draußen hält.",
  needed:
    "Diese Site verlangt von Ihnen vor allem anderen einen zweiten Faktor: einen Passkey oder eine Authenticator-App. Richten Sie unten einen ein.",
  again:
    "Um hier etwas zu ändern, melden Sie sich noch einmal an: Diese Einstellungen stehen danach nur eine Viertelstunde offen.",
  againWithFactor:
    "Melden Sie sich noch einmal mit dem zweiten Faktor an, den Sie haben. Ohne ihn lässt sich hier nichts ändern.",
  signInAgain: "Noch einmal anmelden",
  done: "Eingerichtet. Jetzt steht Ihnen alles offen.",
  toMeetings: "Zu Ihren Besprechungen",

  passkeys: "Passkeys",
  passkeysLead:
    "Ein Passkey ist ein Schlüssel in Ihrem Telefon, Computer oder Sicherheitsschlüssel. Er öffnet sich mit Finger, Gesicht oder PIN, ersetzt das Passwort, und lässt sich nicht auf einer falschen Seite preisgeben.",
  passkeysNot:
    "An dieser Adresse gehen Passkeys nicht. Sie brauchen den eigenen Namen der Site mit https. Auf dem Computer, auf dem der Server läuft, geht auch http://localhost.",
  passkeyName: "Name des Passkeys",
  passkeyNameHint: "Damit Sie ihn wiedererkennen, zum Beispiel: Mein Telefon.",
  passkeyNameMissing: "Geben Sie ihm einen Namen.",
  addPasskey: "Passkey hinzufügen",
  adding: "Warten auf Ihr Gerät…",
  noneMade: "Es wurde kein Passkey erstellt. Nichts wurde geändert.",
  added: (day) => `Hinzugefügt ${day}`,
  used: (day) => `zuletzt benutzt ${day}`,
  unused: "noch nicht benutzt",
  worksAt: (host) => `gilt bei ${host}`,
  delete: "Löschen",
  deletePasskeyNamed: (name) => `${name} löschen`,
  deletePasskey: "Den Passkey löschen?",
  deletePasskeyText: (name) =>
    `„${name}“ meldet Sie hier nicht mehr an. Ihr Gerät bietet ihn vielleicht weiter an; löschen Sie ihn auch dort.`,

  app: "Authenticator-App",
  appOff:
    "Eine App auf Ihrem Telefon zeigt jede halbe Minute einen neuen Code. Sie geben ihn nach Ihrem Passwort ein.",
  appOn: "Die App ist eingerichtet: Nach dem Passwort werden Sie nach ihrem Code gefragt.",
  codesLeft: (n) =>
    plural(n, {
      one: "# Wiederherstellungscode ist übrig.",
      other: "# Wiederherstellungscodes sind übrig.",
    }),
  setUpApp: "App einrichten",
  scan: "Erfassen Sie dieses Bild mit der App, oder tippen Sie den Schlüssel ab. Geben Sie dann den Code ein, den sie zeigt.",
  picture: "QR-Code für die Authenticator-App",
  key: "Schlüssel:",
  turnOn: "Einschalten",
  turningOn: "Einen Moment…",
  newCodes: "Neue Wiederherstellungscodes",
  turnOff: "Ausschalten",
  turnOffTitle: "Die App ausschalten?",
  turnOffText:
    "Dann meldet Sie Ihr Passwort allein an, und die Wiederherstellungscodes gelten nicht mehr.",

  codesTitle: "Ihre Wiederherstellungscodes",
  codesLead:
    "Jeder ersetzt einmal die App, wenn Sie Ihr Telefon nicht haben. Sie werden jetzt gezeigt und nie wieder: Bewahren Sie sie bei wichtigen Papieren auf.",
  copy: "Kopieren",
  copied: "Kopiert",
  kept: "Ich habe sie aufbewahrt",

  linked: (label) => `Anmeldung mit ${label}`,
  linkedAs: (email) => `Verknüpft mit ${email}.`,
  notLinked: (label) => `Sie können sich mit Ihrem Konto bei ${label} anmelden.`,
  link: (label) => `Mit ${label} verknüpfen`,
  unlink: "Verknüpfung lösen",
  unlinkTitle: "Die Verknüpfung lösen?",
  unlinkText: (label) => `Ihr Konto bei ${label} meldet Sie hier nicht mehr an.`,
};
