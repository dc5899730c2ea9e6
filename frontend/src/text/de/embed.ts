import type { embed as english } from "../embed";
import { grammar, type Translation } from "../language";

const { list } = grammar("de");

export const embed: Translation<typeof english> = {
  notPassed: (what, allow) =>
    `Die Seite um diese Besprechung herum lässt sie nicht benutzen: ${list(what)}. Wer die Seite gemacht hat, muss allow="${allow}" in das Tag des Rahmens schreiben.`,
  maybeNotPassed: (what, allow) =>
    `Der Browser lässt diese Besprechung nicht benutzen: ${list(what)}. Vielleicht haben Sie es selbst gesperrt; sonst muss, wer die Seite um diese Besprechung herum gemacht hat, allow="${allow}" in das Tag des Rahmens schreiben.`,
  passed: {
    microphone: "das Mikrofon",
    camera: "die Kamera",
    "display-capture": "was Sie von Ihrem Bildschirm teilen wollen",
    autoplay: "Ton ohne einen Klick",
    fullscreen: "den ganzen Bildschirm",
    "clipboard-write": "die Zwischenablage",
  },
  unknownAround: "Diese Besprechung weiß nicht, in welcher Seite sie steht",
  unknownAroundHelp:
    'Wer die Seite gemacht hat, muss embed.js von hier benutzen oder referrerpolicy="origin" in das Tag des Rahmens schreiben. Sie können die Besprechung auch in einem eigenen Tab öffnen.',
  nothing:
    "Diese Besprechung öffnet sich nicht. Womit die Seite um diese Besprechung kam, ist vielleicht nicht mehr gültig, oder die Besprechung wurde gelöscht. Laden Sie die Seite um diese Besprechung neu.",
  asks: {
    microphone: "Die Seite um diese Besprechung herum bittet Sie, das Mikrofon einzuschalten.",
    camera: "Die Seite um diese Besprechung herum bittet Sie, die Kamera einzuschalten.",
    screen: "Die Seite um diese Besprechung herum bittet Sie, Ihren Bildschirm zu teilen.",
  },
  away: {
    denied: "Der Gastgeber hat diese Person nicht hereingelassen.",
    locked: "Die Besprechung ist abgeschlossen.",
    expelled: "Der Gastgeber hat diese Person ausgeschlossen.",
    wrong_key: "Der Link oder das Passwort öffnet diese Besprechung nicht.",
  },
  turnOn: { microphone: "Mikrofon an", camera: "Kamera an", screen: "Teilen" },
};
