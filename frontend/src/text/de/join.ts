import type { join as english } from "../join";
import type { Translation } from "../language";

export const join: Translation<typeof english> = {
  title: "An einer Besprechung teilnehmen",
  invites: (host) => `${host} lädt Sie ein`,
  yours: "Sie sind Gastgeber",
  number: "Besprechungsnummer",
  numberHint: "Elf Ziffern, zum Beispiel 2345 678 9012",
  name: "Ihr Name",
  password: "Passwort der Besprechung",
  button: "Teilnehmen",
  joining: "Sie kommen herein…",
  nameMissing: "Geben Sie den Namen ein, den die anderen sehen werden.",
  numberMissing: "Geben Sie die elf Ziffern der Besprechungsnummer ein.",
  others: "Die anderen sehen Ihren Namen, und ab dann, was Sie einschalten.",

  email: "E-Mail-Adresse",
  emailMissing: "Geben Sie Ihre E-Mail-Adresse ein: Sie wird hier verlangt.",
  apart: "In einem eigenen Tab öffnen",
  loginFirst: "Diese Besprechung ist für angemeldete Personen",
  loginFirstHelp: "Melden Sie sich an; dann kommen Sie an diese Tür zurück.",
  questionMissing: (label) => `Beantworten Sie „${label}“.`,
  choose: "Wählen…",
  optional: (label) => `${label} (freiwillig)`,
  disclaimer: "Bevor Sie teilnehmen",
  agree: "Ich habe das gelesen und stimme zu",
  agreeMissing: "Lesen Sie den Text oben, und setzen Sie das Häkchen, wenn Sie zustimmen.",

  notReady:
    "Die Verschlüsselung konnte nicht vorbereitet werden: Das Netz fiel aus, oder eine Datei ist nicht die, die zu dieser Seite gehört. Nichts wurde gesendet. Laden Sie die Seite neu, und nehmen Sie dann teil.",
  encrypted:
    "Die Besprechung ist Ende-zu-Ende-verschlüsselt: Der Server reicht weiter, was Sie sagen und zeigen, und kann es nicht lesen.",
  byNumberHelp:
    "Der Server kennt dieses Passwort; es ist deshalb ein schwächerer Schlüssel als der Link. Wenn Sie einen Link bekommen haben, öffnen Sie lieber den.",

  check: "Kamera und Mikrofon",
  cameraOff: "Ihre Kamera ist aus",
  cameraOn: "Das sehen nur Sie",
  both: "Beide einschalten",
  neither: "Beide ausschalten",
  level: "Mikrofonpegel",
  camera: "Kamera",
  microphone: "Mikrofon",
  speaker: "Lautsprecher",
  standard: "Standard",
  unnamed: (kind, n) => `${kind} ${n}`,
  withNothing: "Sie kommen stumm und ohne Kamera herein.",
  withCamera: "Sie kommen stumm herein, mit eingeschalteter Kamera.",
  withMicrophone: "Sie kommen mit eingeschaltetem Mikrofon herein, ohne Kamera.",
  withBoth: "Sie kommen mit eingeschaltetem Mikrofon und eingeschalteter Kamera herein.",

  unsupported: "Dieser Browser kann nicht teilnehmen",
  unsupportedHelp:
    "Er kann Medien nicht auf ihrem Weg nach draußen verändern (Encoded Transforms); das verlangt Conclave. Benutzen Sie einen aktuellen Chrome, Edge oder Firefox.",
  insecure: "Diese Adresse ist nicht sicher",
  insecureHelp:
    "Browser geben einer Seite Kamera und Schlüssel nur über HTTPS. Öffnen Sie diese Adresse mit https://.",

  noLink: "Dieser Link öffnet keine Besprechung",
  noLinkHelp:
    "Vielleicht wurde er ohne sein Ende kopiert, oder die Besprechung wurde gelöscht. Bitten Sie noch einmal um den Link, oder nehmen Sie mit Nummer und Passwort teil.",
  endedTitle: "Die Besprechung ist zu Ende",
  endedHelp: "Wenn der Gastgeber sie wieder beginnt, gilt dieser Link wieder.",

  waiting: "Warten, bis der Gastgeber die Besprechung beginnt",
  waitingHelp: "Sie werden eingelassen, sobald sie beginnt. Lassen Sie diese Seite offen.",
  yourTurn: "Die Besprechung hat noch nicht begonnen",
  yourTurnHelp:
    "Sie sind der Gastgeber. Wer früher gekommen ist, wird eingelassen, wenn Sie beginnen.",
  start: "Beginnen",
  starting: "Beginnt…",
  noHost: "Die Besprechung läuft, aber niemand ist da, der Sie einlassen darf",
  noHostHelp:
    "Sie kommen herein oder werden hereingebeten, sobald ein Gastgeber da ist. Lassen Sie diese Seite offen.",
  lobby: "Warten, bis der Gastgeber Sie einlässt",
  lobbyHelp: (name) =>
    `Der Gastgeber sieht Ihren Namen, ${name}, und ob Sie angemeldet sind. Niemand sieht oder hört Sie, bevor Sie drinnen sind.`,
  leave: "Verlassen",
};
