import { grammar, type Translation } from "../language";
import type { room as english } from "../room";

const { plural, list } = grammar("de");

function someOf(names: readonly string[]): string {
  if (names.length <= 3) return list(names);
  return list([...names.slice(0, 2), `${names.length - 2} andere`]);
}

export const room: Translation<typeof english> = {
  stage: "Bühne",
  faces: "Personen im Bild",
  participants: "Personen",
  controls: "Bedienung",
  people: (n) => plural(n, { one: "# Person", other: "# Personen" }),
  you: "Sie",
  youNamed: (name) => `${name} (Sie)`,

  locked: "Abgeschlossen",
  lock: "Besprechung abschließen",
  unlock: "Besprechung aufschließen",

  mute: "Stummschalten",
  unmute: "Mikrofon an",
  startCamera: "Kamera an",
  stopCamera: "Kamera aus",
  share: "Teilen",
  shareWindow: "Fenster",
  shareBrowser: "Browser-Tab",
  shareMonitor: "Ganzer Bildschirm",
  shareHelp: "Der Browser fragt, was genau.",
  stopSharing: "Nicht mehr teilen",
  leave: "Verlassen",
  endForEveryone: "Für alle beenden",
  endTitle: "Die Besprechung für alle beenden?",
  endHelp:
    "Alle werden aus dem Raum genommen. Um zu gehen und die anderen bleiben zu lassen, verlassen Sie sie stattdessen.",
  fullScreen: "Vollbild",
  exitFullScreen: "Vollbild verlassen",
  apart: "Bild im Bild",
  closeApart: "Bild im Bild schließen",
  layout: "Anordnung",
  layouts: {
    automatic: "Automatisch",
    grid: "Raster",
    speaker: "Wer spricht",
    pair: "Nebeneinander",
  },
  pin: (what) => `${what} anheften`,
  unpin: (what) => `${what} lösen`,
  devices: "Geräte",
  devicesTitle: "Kamera, Mikrofon und Lautsprecher",
  shortcuts: "Tastenkürzel",
  more: "Mehr",
  closePanel: "Personen schließen",
  actionsFor: (name) => `Aktionen für ${name}`,
  expel: "Ausschließen",
  expelTitle: (name) => `${name} ausschließen?`,
  expelHelp:
    "Die Person wird sofort aus dem Raum genommen, und die Schlüssel wechseln: Von da an kann sie nichts mehr lesen von dem, was gesagt, gezeigt oder geschrieben wird. Mit demselben Browser kann sie in diese Sitzung nicht zurück.",

  waiting: (n) => plural(n, { one: "# Person wartet draußen", other: "# Personen warten draußen" }),
  waitingOne: (name) => `${name} wartet draußen`,
  waitingTitle: "Wer draußen wartet",
  showWaiting: "Zeigen, wer wartet",
  admit: "Einlassen",
  deny: "Abweisen",
  admitAll: "Alle einlassen",
  admitting: "Wird eingelassen…",
  waitingLocked: "Schließen Sie die Besprechung auf, um sie einzulassen.",
  byLink: "Hat den Link",
  byPassword: "Kennt Nummer und Passwort",
  knocked: (names) =>
    plural(names.length, {
      one: `${names[0]} wartet draußen`,
      other: "# weitere Personen warten draußen",
    }),
  lobby: "Fragen, bevor jemand hereinkommt",
  lobbyOn: "Wer kommt, wartet, bis ein Gastgeber einlässt.",
  lobbyOff: "Wer den Link hat, oder Nummer und Passwort, kommt sofort herein.",
  lockedHelp: "Die Besprechung ist abgeschlossen: Niemand sonst kann herein.",

  role: { host: "Gastgeber", presenter: "Vortrag", panelist: "Podium", attendee: "" },
  guest: "Gast",
  signedIn: "Angemeldet",
  muted: "Stumm",
  unmuted: "Mikrofon an",
  cameraOff: "Kamera aus",
  cameraOn: "Kamera an",
  sharing: "Teilt",
  speaking: "Spricht",
  speakingNow: (names) =>
    plural(names.length, { one: `${names[0]} spricht`, other: `${list(names)} sprechen` }),
  reconnecting: "Warten auf das Bild",
  noRoom: {
    here: "Ihre Leitung ist langsam",
    is: "Einige Bilder stehen still, weil Ihre Leitung langsam ist",
    was: "Alle Bilder bewegen sich wieder",
  },

  surface: {
    window: "ein Fenster",
    browser: "einen Browser-Tab",
    monitor: "den ganzen Bildschirm",
  },
  something: "etwas",
  shares: (name, what) => `${name} teilt ${what}`,
  youShare: (what) => `Sie teilen ${what}`,
  youShareHelp: "Alle in der Besprechung sehen es.",
  showShare: (name) => `Zeigen, was ${name} teilt`,
  shareNamed: (name) => `was ${name} teilt`,
  shareOf: (name) => `Was ${name} teilt`,
  yourShare: "Was Sie teilen",

  morePeople: "Weitere Personen",
  fewerPeople: "Zurück",
  page: (page, pages) => `${page} von ${pages}`,

  soundBlocked: "Der Browser hält den Ton zurück, bis Sie ihn erlauben.",
  turnOnSound: "Ton einschalten",

  joined: (names) =>
    plural(names.length, {
      one: `${someOf(names)} ist gekommen`,
      other: `${someOf(names)} sind gekommen`,
    }),
  left: (names) =>
    plural(names.length, {
      one: `${someOf(names)} ist gegangen`,
      other: `${someOf(names)} sind gegangen`,
    }),
  wasExpelled: (name) => `${name} wurde ausgeschlossen`,
  lostConnection: (name) => `${name} hat die Verbindung verloren`,
  startedSharing: (name, what) => `${name} teilt ${what}`,
  stoppedSharing: (name) => `${name} teilt nicht mehr`,
  mutedBy: (name) =>
    `${name} hat Sie stummgeschaltet. Sie können das Mikrofon einschalten, wenn Sie sprechen möchten.`,
  shareForbidden: "Diese Site erlaubt das nicht mehr; das Teilen wurde beendet.",
  chatForbidden: "Diese Site hat den Chat ausgeschaltet.",
  somebody: "Jemand",
  welcome: (title, people) => `Sie sind in ${title}, ${people}`,

  lost: "Verbindung verloren",
  lostTrying: "Die Besprechung geht weiter. Wir versuchen, Sie zurückzubringen.",
  lostGivenUp:
    "Sie sind nicht mehr in der Besprechung; Ihre Kamera, Ihr Mikrofon und Ihre Freigabe sind aus. Prüfen Sie Ihr Netz, und nehmen Sie dann wieder teil.",
  rejoin: "Wieder teilnehmen",
  back: "Sie sind wieder in der Besprechung",
  mediaLost: "Ton und Bild sind unterbrochen. Wir verbinden sie neu.",

  shortcutKeys: {
    microphone: "Mikrofon an oder aus",
    camera: "Kamera an oder aus",
    share: "Teilen oder nicht mehr teilen",
    pauseSharing: "Freigabe anhalten oder fortsetzen",
    hand: "Hand heben oder senken",
    reactions: "Reaktionen zeigen oder verbergen",
    participants: "Personen zeigen oder verbergen",
    chat: "Chat zeigen oder verbergen",
    security: "Zeigen oder verbergen, was die Besprechung schützt",
    shortcuts: "Diese Tastenkürzel zeigen",
    talk: "Gedrückt halten, um stumm so lange zu sprechen",
    close: "Ein Menü oder eine Leiste schließen",
  },
  escape: "Esc",
  space: "Leertaste",
  singleKeys: "Einzelne Tasten als Kürzel benutzen",

  refused: {
    apart: "Der Browser hat kein Fenster dafür geöffnet. Versuchen Sie es noch einmal.",
    screen:
      "Jemand anderes teilt schon. Von Ihnen wird nichts gezeigt. Bitten Sie darum, zuerst aufzuhören.",
    forbidden: "Das ist hier nicht erlaubt.",
    failed: "Das ging nicht. Nichts wurde geändert. Versuchen Sie es noch einmal.",
    often:
      "Das war zu oft in kurzer Zeit. Von Ihnen wird nichts gezeigt. Versuchen Sie es gleich noch einmal.",
  },
  joinRefused: {
    full: "Die Besprechung ist voll. Niemand kann herein, bis jemand geht.",
    bad_version:
      "Diese Seite ist älter oder neuer als der Server. Laden Sie sie neu, und nehmen Sie dann teil.",
    unavailable:
      "Der Server kann gerade nichts aufzeichnen und lässt deshalb niemanden ein. Versuchen Sie es bald noch einmal.",
    encryption:
      "Ihr Browser konnte der Verschlüsselung der Besprechung nicht beitreten; nichts wurde gesendet. Laden Sie die Seite neu, und nehmen Sie dann teil.",
    other:
      "Der Server konnte Sie nicht einlassen. Nichts wurde gesendet. Versuchen Sie es noch einmal.",
  },
  dismiss: "Ausblenden",
};
