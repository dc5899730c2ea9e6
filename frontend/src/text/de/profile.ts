import { grammar, type Translation } from "../language";
import type { profile as english } from "../profile";

const { plural } = grammar("de");

export const profile: Translation<typeof english> = {
  title: "Ihr Profil",
  about: "Über Sie",
  name: "Ihr Name",
  nameHint: "Wie ihn die anderen in Ihren Besprechungen sehen.",
  nameMissing: "Geben Sie Ihren Namen ein.",
  timeZone: "Zeitzone",
  browsersZone: (zone) => `Wie mein Browser sagt (${zone})`,
  language: "Sprache",
  languageHint: "Die dieser Seiten, und der Mails an Sie, soweit sie übersetzt sind.",
  browsersLanguage: "Wie mein Browser sagt",
  minutes: "Neue Besprechungen dauern",
  minutesOf: (n) =>
    n % 60 === 0
      ? plural(n / 60, { one: "# Stunde", other: "# Stunden" })
      : plural(n, { one: "# Minute", other: "# Minuten" }),
  saving: "Wird gespeichert…",
  saved: "Gespeichert",

  factors: "Anmeldung und Sicherheit",
  factorsHelp: "Passkeys, eine Authenticator-App und ihre Wiederherstellungscodes.",
  toFactors: "Anmeldung und Sicherheit öffnen",

  password: "Passwort",
  current: "Jetziges Passwort",
  currentMissing: "Geben Sie Ihr jetziges Passwort ein.",
  new: "Neues Passwort",
  newMissing: "Geben Sie ein neues Passwort ein.",
  change: "Passwort ändern",
  changing: "Wird geändert…",
  changed: "Geändert. Alle anderen Browser wurden abgemeldet, und Ihre API-Tokens sind weg.",
  passwordHelp:
    "Alle anderen Browser, in denen Sie angemeldet sind, werden abgemeldet, und Ihre API-Tokens gelten nicht mehr.",

  logins: "Wo Sie angemeldet sind",
  thisOne: "Dieser Browser",
  unknown: "Ein Browser, der noch nicht benutzt wurde",
  device: (browser, system) => `${browser} unter ${system}`,
  lastSeen: (when, where) => `Zuletzt benutzt ${when}${where ? ` von ${where}` : ""}`,
  signOut: "Abmelden",
  signOutOf: (device) => `${device} abmelden`,
  everywhere: "Überall abmelden",
  everywhereHelp: "Auch hier. Ihre API-Tokens gelten nicht mehr.",

  tokens: "API-Tokens",
  tokensHelp:
    "Ein Token lässt eines Ihrer Programme ohne Ihr Passwort ein. Geben Sie jedem Programm ein eigenes, und nicht mehr Rechte, als es braucht.",
  noTokens: "Sie haben keine.",
  tokenNever: "Nie benutzt",
  tokenUsed: (when) => `Zuletzt benutzt ${when}`,
  tokenExpires: (when) => `Gilt bis ${when}`,
  tokenDelete: "Löschen",
  tokenDeleteOf: (name) => `Das Token ${name} löschen`,
  tokenMake: "Token erstellen",
  tokenName: "Name des Programms",
  tokenNameMissing: "Geben Sie einen Namen ein, damit Sie das Token wiedererkennen.",
  tokenMay: "Was es darf",
  tokenNothing: "Wählen Sie, was das Programm darf.",
  tokenDays: "Gilt",
  tokenDaysOf: (n) => plural(n, { one: "# Tag", other: "# Tage" }),
  tokenMaking: "Wird erstellt…",
  tokenMade: "Ihr neues Token",
  tokenMadeHelp:
    "Kopieren Sie es jetzt: Es wird nicht noch einmal gezeigt. Wer es hat, kann mit Ihrem Konto tun, was Sie gewählt haben.",
  token: "Token",
  copy: "Token kopieren",
  copied: "Kopiert",
  done: "Fertig",
  scopes: {
    read: "Sehen, was ich sehe, auch die Passwörter meiner Besprechungen",
    meetings: "Meine Besprechungen planen, beginnen und beenden",
    users: "Die Personen dieser Site verwalten",
    joinKeys: "Schlüssel für Beitritts-Token eintragen und widerrufen",
  },
};
