import { grammar, type Translation } from "../language";
import type { sharing as english } from "../sharing";

const { plural } = grammar("de");

export const sharing: Translation<typeof english> = {
  pause: "Freigabe anhalten",
  resume: "Freigabe fortsetzen",
  blank: "Leeres Bild zeigen",
  unblank: "Letztes Bild zeigen",
  other: "Etwas anderes freigeben",
  preview: "Was andere sehen",
  noPreview:
    "Ihr ganzer Bildschirm wird hier nicht noch einmal gezeigt: Er würde sich selbst zeigen.",

  frozenTitle: "ANGEHALTEN",
  blankTitle: "LEERES BILD",
  freezing: "Wird angehalten …",
  frozenHelp: "Alle sehen dieses Bild, und nichts von dem, was Sie jetzt tun.",
  blankHelp: "Alle sehen ein leeres Bild, und nichts von dem, was Sie jetzt tun.",
  bytes: (bytes) => `Bisher wurden ${bytes} Byte gesendet.`,
  repeats: (n) =>
    n === 0
      ? "Keines, seit Sie angehalten haben."
      : plural(n, {
          one: "Seit Sie angehalten haben, wurde dasselbe Bild einmal noch einmal gesendet, an jemanden, der dazukam oder es verloren hatte.",
          other:
            "Seit Sie angehalten haben, wurde dasselbe Bild # Mal noch einmal gesendet, an Leute, die dazukamen oder es verloren hatten.",
        }),

  resumeTitle: "Freigabe fortsetzen?",
  resumeHelp: "Das sehen von jetzt an alle:",
  resumeScreen:
    "Alle sehen Ihren ganzen Bildschirm, samt dieser Seite, solange sie vorne ist. Sehen Sie zuerst nach, was offen ist.",
  stayPaused: "Angehalten lassen",

  paused: (name) => `${name} hat die Freigabe angehalten`,
  blanked: (name) => `${name} hat die Freigabe angehalten und zeigt ein leeres Bild`,
  resumed: (name) => `${name} hat die Freigabe fortgesetzt`,

  refused: {
    forbidden:
      "Das ist hier nicht erlaubt, deshalb wird nichts davon freigegeben. Wählen Sie etwas von dem, was das Menü anbietet.",
    unknown:
      "Dieser Browser sagt nicht, was gewählt wurde, und hier darf nicht alles freigegeben werden, deshalb wird nichts freigegeben. Nehmen Sie dafür Chrome oder Edge.",
    changed:
      "Sie sind zu etwas gewechselt, das hier nicht erlaubt ist, deshalb wurde die Freigabe beendet.",
  },
};
