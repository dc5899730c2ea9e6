import { grammar, type Translation } from "../language";
import type { security as english } from "../security";

const { plural } = grammar("de");

export const security: Translation<typeof english> = {
  title: "Sicherheit",
  close: "Sicherheit schließen",
  show: "Sicherheitscode zeigen",

  state: {
    encrypted: "Ende-zu-Ende-verschlüsselt",
    joining: "Schlüssel werden geholt…",
    stopped: "Nichts wird gesendet",
  },
  details: {
    encrypted: [
      "Nur wer hier genannt oder mitgezählt ist, kann lesen, was gesagt, gezeigt und geschrieben wird. Der Server reicht es weiter und hat keinen Schlüssel dazu.",
    ],
    joining: [
      "Dieser Browser hat noch keinen Schlüssel der Besprechung. Bis er einen hat, sendet er nichts und kann nichts lesen.",
    ],
    stopped: [
      "Dieser Browser traut der Verschlüsselung der Besprechung nicht, wie sie jetzt ist. Er sendet deshalb Ihren Ton, Ihr Bild und Ihre Nachrichten nicht mehr.",
    ],
  },

  code: "Sicherheitscode",
  pictures: "Derselbe Code in Bildern",
  compare: "Vergleichen Sie ihn",
  compareHelp: [
    "Lesen Sie die Zahlen vor, oder für einen ersten Blick die Bilder. Alle müssen dasselbe sehen.",
    "Wenn jemand etwas anderes sieht, hört vielleicht eine andere Person dazwischen mit: Hören Sie auf, gehen Sie, und sagen Sie es dem Gastgeber auf einem anderen Weg.",
    "Der Code ändert sich, wenn jemand kommt oder geht. Vergleichen Sie ihn also, wenn alle da sind.",
  ],

  readers: "Wer mitlesen kann",
  host: "Gastgeber",
  guest: "Gast: Der Name ist, wie er eingegeben wurde",
  signedInAt: (org) => `Angemeldet bei ${org}`,
  met: {
    met: "Auf diesem Gerät schon getroffen",
    new: "Neu für dieses Gerät",
    changed:
      "Dieser Name war schon einmal da, mit einem anderen Schlüssel. Fragen Sie etwas, das nur diese Person weiß.",
  },
  absent: "In der Gruppe, nicht im Raum",
  byPassword: "Kam mit Nummer und Passwort",
  byPasswordHelp:
    "Wer mit Nummer und Passwort kommt, wird mit einem Passwort eingelassen, das der Server kennt. Vergleichen Sie den Code mit diesen Personen.",

  server: "Was der Server sieht",
  serverHelp:
    "Wer da ist, wann jemand kommt und geht, wie viel jeder sendet, und wer spricht. Nicht, was gesagt, gezeigt oder geschrieben wird.",

  strangers: (n) =>
    plural(n, {
      one: "Jemand ist verbunden, der nicht in der verschlüsselten Gruppe ist",
      other: "# Verbindungen sind nicht in der verschlüsselten Gruppe",
    }),
  strangersHelp:
    "Sie können nichts von dieser Besprechung lesen oder hören. Aber sie sollten nicht da sein: Wenn es so bleibt, gehen Sie, und sagen Sie es dem Gastgeber auf einem anderen Weg.",
  refusal: {
    policy: {
      title: "Nichts wird gesendet: Jemand hat die Gruppe gegen ihre Regeln geändert",
      text: "Ihr Mikrofon, Ihre Kamera, Ihre Freigabe und Ihre Nachrichten sind angehalten, damit niemand sie liest, der nicht soll. Nehmen Sie wieder teil, um mit neuen Schlüsseln zu beginnen, und vergleichen Sie dann den Sicherheitscode. Wenn das wiederkommt, gehen Sie, und sagen Sie es dem Gastgeber auf einem anderen Weg.",
    },
    broken: {
      title: "Nichts wird gesendet: Dieser Browser hat die Schlüssel verloren",
      text: "Ihr Mikrofon, Ihre Kamera, Ihre Freigabe und Ihre Nachrichten sind angehalten. Nichts wurde ohne Verschlüsselung gesendet. Nehmen Sie wieder teil, um neue Schlüssel zu bekommen.",
    },
    wrong_key: {
      title: "Nichts wird gesendet: Ihr Link oder Passwort öffnet diese Besprechung nicht",
      text: "Mit dem, was Sie haben, lassen sich die Schlüssel dieser Besprechung nicht öffnen. Nichts wurde gesendet. Bitten Sie den Gastgeber um den neuesten Link, und nehmen Sie dann wieder teil.",
    },
  },
};
