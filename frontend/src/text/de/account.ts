import type { account as english } from "../account";
import type { Translation } from "../language";

export const account: Translation<typeof english> = {
  homeTitle: "Besprechungen im Browser",
  homeLead: "Reden, den Bildschirm zeigen, einander sehen. Es gibt nichts zu installieren.",
  homeJoin: "An einer Besprechung teilnehmen",
  homeHost: "Halten Sie hier Besprechungen ab?",
  homeLink: "Wenn Sie einen Link bekommen haben, öffnen Sie ihn: Er führt direkt zur Besprechung.",
  openMeetings: "Offene Besprechungen",
  joinListed: "Teilnehmen",
  joinNamed: (title) => `An ${title} teilnehmen`,
  toMeetings: "Ihre Besprechungen",

  setupTitle: "Conclave einrichten",
  setupLead:
    "Sie sind als Erste oder Erster hier. Damit entsteht Ihr Konto: das, mit dem diese Site verwaltet wird.",
  setupMissing:
    "Diese Seite braucht den Einrichtungslink, den der Server beim Start ausgegeben hat. Öffnen Sie ihn noch einmal. Nichts wurde geändert.",
  name: "Ihr Name",
  email: "E-Mail",
  password: "Passwort",
  passwordHint: "Lang ist besser als kompliziert: ein paar Wörter, die nicht zusammengehören.",
  setup: "Einrichten",
  settingUp: "Wird eingerichtet…",

  signInTitle: "Anmelden",
  signInLead:
    "Für alle, die Besprechungen abhalten. Gäste brauchen kein Konto: Sie öffnen den Link, den sie bekommen haben.",
  signingIn: "Anmeldung läuft…",
  forgotLink: "Passwort vergessen?",
  registerLink: "Ein Konto anfordern",

  welcomeTitle: {
    invite: "Willkommen",
    register: "Willkommen",
    reset: "Neues Passwort wählen",
  },
  welcomeLead: (name, email) =>
    `${name}, wählen Sie das Passwort für Ihr Konto ${email}. Danach sind Sie angemeldet.`,
  welcomeMissing:
    "Diese Seite braucht den ganzen Link, den Sie bekommen haben. Öffnen Sie ihn noch einmal. Nichts wurde geändert.",
  newPassword: "Neues Passwort",
  choosePassword: "Passwort setzen und anmelden",
  choosing: "Wird gesetzt…",
  askAnother: "Einen neuen Link anfordern",

  registerTitle: "Ein Konto anfordern",
  registerLead:
    "Mit einem Konto halten Sie Besprechungen ab. Wir senden einen Link an Ihre Adresse; das Konto entsteht, wenn Sie ihn öffnen.",
  register: "Link zusenden",
  registering: "Wird gesendet…",
  registerDone: "Sehen Sie in Ihr Postfach",
  registerDoneHelp:
    "Wenn diese Adresse hier ein Konto haben kann, ist eine Mail mit einem Link unterwegs. Der Link gilt zehn Minuten.",
  registerClosed: "Hier legt niemand selbst ein Konto an",
  registerClosedHelp: "Bitten Sie jemanden aus der Verwaltung dieser Site darum.",

  forgotTitle: "Passwort vergessen?",
  forgotLead:
    "Nennen Sie die Adresse Ihres Kontos. Sie bekommen einen Link, um ein neues Passwort zu wählen.",
  forgot: "Link anfordern",
  forgetting: "Wird angefordert…",
  forgotDone: "Sehen Sie in Ihr Postfach",
  forgotDoneHelp:
    "Wenn es ein Konto mit dieser Adresse gibt, ist eine Mail mit einem Link unterwegs. Der Link gilt zehn Minuten.",
  forgotWaits: "Die Verwaltung muss zustimmen",
  forgotWaitsHelp:
    "Wenn es ein Konto mit dieser Adresse gibt, sieht die Verwaltung dieser Site, dass Sie gefragt haben. Sie hören von ihr.",
  backToSignIn: "Zurück zur Anmeldung",

  emailMissing: "Geben Sie Ihre E-Mail-Adresse ein.",
  passwordMissing: "Geben Sie Ihr Passwort ein.",
  nameMissing: "Geben Sie Ihren Namen ein.",
};
