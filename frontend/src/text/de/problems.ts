import { grammar, type Translation } from "../language";
import type { problems as english } from "../problems";

const { plural } = grammar("de");

export const problems: Translation<typeof english> = {
  unreachable:
    "Der Server hat nicht geantwortet. Nichts wurde geändert. Prüfen Sie Ihr Netz, und versuchen Sie es noch einmal.",
  internal:
    "Auf dem Server ging etwas schief. Versuchen Sie es noch einmal; wenn es bleibt, sagen Sie es denen, die ihn betreiben.",
  invalid:
    "Der Server hat das nicht angenommen. Prüfen Sie die Felder, und versuchen Sie es noch einmal.",
  setup_closed:
    "Dieser Einrichtungslink wurde schon benutzt oder ist nicht der neueste. Melden Sie sich an, oder starten Sie den Server neu, um einen neuen zu bekommen.",
  login_refused:
    "E-Mail und Passwort passen zu keinem Konto hier. Prüfen Sie beides, und versuchen Sie es noch einmal.",
  login_required:
    "Sie sind nicht mehr angemeldet. Nichts wurde geändert. Melden Sie sich an, und versuchen Sie es noch einmal.",
  too_many_attempts: "Zu viele Versuche. Nichts ist gesperrt.",
  wait: (seconds) =>
    seconds > 0 && seconds < 90
      ? plural(seconds, {
          one: "Warten Sie # Sekunde, und versuchen Sie es dann noch einmal.",
          other: "Warten Sie # Sekunden, und versuchen Sie es dann noch einmal.",
        })
      : plural(Math.ceil(seconds / 60) || 1, {
          one: "Warten Sie # Minute, und versuchen Sie es dann noch einmal.",
          other: "Warten Sie # Minuten, und versuchen Sie es dann noch einmal.",
        }),
  busy: "Der Server ist ausgelastet. Nichts wurde geändert. Versuchen Sie es gleich noch einmal.",
  unavailable:
    "Der Server kann gerade nichts aufzeichnen, also kann keine Besprechung beginnen. Nichts wurde geändert. Versuchen Sie es bald noch einmal.",
  stale:
    "Inzwischen hat jemand das geändert, vielleicht Sie in einem anderen Fenster. Laden Sie die Seite neu, und ändern Sie es dann.",
  in_progress: "Die Besprechung läuft und kann nicht gelöscht werden. Beenden Sie sie zuerst.",
  join_refused:
    "Nummer und Passwort öffnen keine Besprechung. Prüfen Sie beides mit der Person, die Sie eingeladen hat, und versuchen Sie es noch einmal.",
  embedding_refused:
    "Diese Site erlaubt der Seite um diese herum nicht, ihre Besprechungen zu zeigen. Sie können die Besprechung in einem eigenen Tab öffnen.",
  disclaimer_changed:
    "Der Text, dem Sie zugestimmt haben, wurde gerade geändert. Lesen Sie ihn, setzen Sie das Häkchen noch einmal, und nehmen Sie dann teil.",
  email_required:
    "Die Besprechung fragt nach Ihrer E-Mail-Adresse. Geben Sie sie ein, und nehmen Sie dann teil.",
  meeting_ended:
    "Die Besprechung ist zu Ende. Wenn der Gastgeber sie wieder beginnt, können Sie wieder teilnehmen.",
  key_known:
    "Dieser Schlüssel ist oder war an dieser Site eingetragen. Erzeugen Sie ein neues Paar und fügen Sie dessen öffentlichen Schlüssel hinzu.",
  not_found: "Das ist nicht mehr da. Vielleicht wurde es gelöscht.",
  second_factor_required: "Das Passwort stimmt. Melden Sie sich jetzt mit Ihrem Passkey an.",
  second_factor_needed:
    "Diese Site verlangt von Ihnen einen zweiten Faktor. Richten Sie einen unter „Anmeldung und Sicherheit“ ein.",
  fresh_login_needed:
    "Nichts wurde geändert. Melden Sie sich noch einmal an, mit Ihrem zweiten Faktor, wenn Sie einen haben, und ändern Sie es dann.",
  passkeys_unavailable:
    "An dieser Adresse gehen Passkeys nicht. Sie brauchen den eigenen Namen der Site mit https.",
  passkey_refused: "Dieser Passkey öffnet hier kein Konto. Melden Sie sich auf anderem Weg an.",
  code_refused:
    "Der Code ist falsch oder wurde schon benutzt. Warten Sie auf den nächsten, und versuchen Sie es noch einmal.",
  expired: "Das hat zu lange gedauert oder wurde schon getan. Beginnen Sie von vorn.",
  last_way_in:
    "Ohne dies könnten Sie sich nicht mehr anmelden. Richten Sie zuerst einen anderen Weg ein.",
  no_account: "Für Sie wurde hier noch kein Konto angelegt. Fragen Sie die Verwaltung dieser Site.",
  account_exists:
    "Es gibt ein Konto mit Ihrer E-Mail-Adresse. Melden Sie sich mit seinem Passwort an, und verknüpfen Sie beide unter „Anmeldung und Sicherheit“.",
  identity_taken: "Ihr Konto dort ist schon mit einem Konto hier verknüpft.",
  signin_not_begun:
    "Diese Anmeldung wurde nicht in diesem Browser begonnen oder hat zu lange gedauert. Beginnen Sie von vorn.",
  provider_failed:
    "Die andere Site hat nicht geantwortet, wie sie sollte. Versuchen Sie es noch einmal, oder melden Sie sich auf anderem Weg an.",
  provider_refused:
    "Die andere Site hat Sie nicht angemeldet. Versuchen Sie es noch einmal, oder melden Sie sich auf anderem Weg an.",
  email_unverified:
    "Die andere Site bürgt nicht für Ihre E-Mail-Adresse. Bestätigen Sie sie zuerst dort.",
  email_not_allowed: "Diese Site lässt Personen mit anderen E-Mail-Adressen als Ihrer ein.",
};
