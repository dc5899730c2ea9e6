import type { devices as english } from "../devices";
import type { Translation } from "../language";

export const devices: Translation<typeof english> = {
  microphone: {
    denied:
      "Der Browser lässt diese Seite das Mikrofon nicht benutzen. Es geht auch ohne: Sie hören die anderen.",
    missing:
      "Es wurde kein Mikrofon gefunden. Schließen Sie eines an, oder nehmen Sie ohne teil: Sie hören die anderen.",
    busy: "Ein anderes Programm benutzt das Mikrofon. Schließen Sie es, und versuchen Sie es noch einmal.",
    lost: "Das Mikrofon ist weg: Es wurde abgezogen, oder der Browser hat es weggenommen. Die anderen hören Sie nicht. Schließen Sie eines an, und schalten Sie es ein.",
    unready:
      "Dieser Browser wurde nicht bereit, Ton zu senden. Nichts wurde gesendet. Laden Sie die Seite neu.",
    unguarded:
      "Ihr Mikrofon wurde ausgeschaltet: Der Browser hat vielleicht etwas davon ohne Ende-zu-Ende-Verschlüsselung gesendet. Laden Sie die Seite neu.",
    unsealed:
      "Ihr Mikrofon wurde ausgeschaltet: Der Ton ließ sich nicht verschlüsseln, also wurde nichts gesendet. Laden Sie die Seite neu.",
    failed:
      "Das Mikrofon ließ sich nicht öffnen. Nichts wurde gesendet. Versuchen Sie es noch einmal, oder wählen Sie ein anderes.",
    system:
      "Das Betriebssystem lässt den Browser das Mikrofon nicht benutzen. Erlauben Sie es in den Einstellungen des Systems, unter Datenschutz, und versuchen Sie es noch einmal.",
    stopped:
      "Der Browser hat das Mikrofon angehalten. Die anderen hören Sie nicht, bis Sie es einschalten.",
  },
  camera: {
    denied:
      "Der Browser lässt diese Seite die Kamera nicht benutzen. Es geht auch ohne: Sie sehen die anderen.",
    missing: "Es wurde keine Kamera gefunden. Schließen Sie eine an, oder nehmen Sie ohne teil.",
    busy: "Ein anderes Programm benutzt die Kamera. Schließen Sie es, und versuchen Sie es noch einmal.",
    lost: "Die Kamera ist weg: Sie wurde abgezogen, oder der Browser hat sie weggenommen. Die anderen sehen Sie nicht. Schließen Sie eine an, und schalten Sie sie ein.",
    unready:
      "Dieser Browser wurde nicht bereit, Video zu senden. Nichts wurde gesendet. Laden Sie die Seite neu.",
    unguarded:
      "Ihre Kamera wurde ausgeschaltet: Der Browser hat vielleicht etwas davon ohne Ende-zu-Ende-Verschlüsselung gesendet. Laden Sie die Seite neu.",
    unsealed:
      "Ihre Kamera wurde ausgeschaltet: Das Bild ließ sich nicht verschlüsseln, also wurde nichts gesendet. Laden Sie die Seite neu.",
    failed:
      "Die Kamera ließ sich nicht öffnen. Nichts wurde gesendet. Versuchen Sie es noch einmal, oder wählen Sie eine andere.",
    system:
      "Das Betriebssystem lässt den Browser die Kamera nicht benutzen. Erlauben Sie es in den Einstellungen des Systems, unter Datenschutz, und versuchen Sie es noch einmal.",
    stopped:
      "Der Browser hat die Kamera angehalten. Die anderen sehen Sie nicht, bis Sie sie einschalten.",
  },
  screen: {
    denied:
      "Nichts wird geteilt. Die Auswahl wurde abgebrochen, oder der Browser erlaubt es nicht.",
    missing: "Auf diesem Gerät gibt es nichts zu teilen.",
    busy: "Der Bildschirm konnte nicht gelesen werden. Nichts wird geteilt. Versuchen Sie es noch einmal.",
    lost: "Was Sie geteilt haben, wurde geschlossen. Es wird nichts mehr geteilt.",
    unready:
      "Dieser Browser wurde nicht bereit, zu teilen. Nichts wurde gesendet. Laden Sie die Seite neu.",
    unguarded:
      "Ihre Freigabe wurde beendet: Der Browser hat vielleicht etwas davon ohne Ende-zu-Ende-Verschlüsselung gesendet. Laden Sie die Seite neu.",
    unsealed:
      "Ihre Freigabe wurde beendet: Sie ließ sich nicht verschlüsseln, also wurde nichts gesendet. Laden Sie die Seite neu.",
    failed:
      "Das Teilen konnte nicht beginnen. Nichts wurde gesendet. Versuchen Sie es noch einmal.",
    system:
      "Das Betriebssystem lässt den Browser den Bildschirm nicht aufnehmen. Erlauben Sie es in den Einstellungen des Systems, unter Datenschutz, und versuchen Sie es noch einmal.",
    stopped: "Der Browser hat das Teilen beendet. Es wird nichts mehr geteilt.",
  },

  allow: {
    chromium:
      "So erlauben Sie es: Wählen Sie das Zeichen links neben der Adresse, schalten Sie es dort ein, und versuchen Sie es noch einmal.",
    firefox:
      "So erlauben Sie es: Wählen Sie das durchgestrichene Zeichen links neben der Adresse, entfernen Sie „Blockiert“, und versuchen Sie es noch einmal.",
    safari:
      "So erlauben Sie es: Öffnen Sie das Menü „Safari“, oder auf einem iPhone das Zeichen neben der Adresse, wählen Sie die Einstellungen für diese Website, stellen Sie „Erlauben“ ein, und laden Sie die Seite neu.",
    other:
      "So erlauben Sie es: Suchen Sie das Zeichen eines Schlosses neben der Adresse, und versuchen Sie es noch einmal.",
  },

  unblurred:
    "Diese Kamera kann den Hintergrund nicht weichzeichnen und wurde deshalb nicht gestartet. Wählen Sie unter „Geräte“ eine andere, oder schalten Sie das Weichzeichnen dort aus.",
  clear: "Rauschen und Echo entfernen",
  clearHelp: "Schalten Sie es für Musik aus: Die anderen hören dann alles, wie es ist.",
  blur: "Meinen Hintergrund weichzeichnen",
  askSpeaker: "Einen Lautsprecher wählen…",
};
