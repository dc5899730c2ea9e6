import type { after as english } from "../after";
import type { Translation } from "../language";

export const after: Translation<typeof english> = {
  left: "Sie haben die Besprechung verlassen",
  leftHelp: "Danke, dass Sie da waren. Die Besprechung geht ohne Sie weiter.",
  offNow:
    "Ihre Kamera, Ihr Mikrofon und Ihre Freigabe sind aus. Nichts, was gesagt, gezeigt oder geschrieben wurde, bleibt hier.",
  ended: "Die Besprechung ist zu Ende",
  endedByHost: "Der Gastgeber hat sie für alle beendet.",
  endedEmpty: "Alle waren gegangen.",
  endedShutdown: "Der Server wurde abgeschaltet.",
  turnedAway: {
    denied: {
      title: "Der Gastgeber hat Sie nicht eingelassen",
      text: "Niemand in der Besprechung hat Sie gesehen oder gehört. Wenn das ein Irrtum ist, fragen Sie den Gastgeber auf einem anderen Weg, und versuchen Sie es noch einmal.",
    },
    locked: {
      title: "Die Besprechung ist abgeschlossen",
      text: "Niemand sonst kann hinein, bis der Gastgeber sie aufschließt. Niemand in der Besprechung hat Sie gesehen oder gehört.",
    },
    expelled: {
      title: "Sie wurden aus der Besprechung entfernt",
      text: "Ein Gastgeber hat Sie ausgeschlossen. Ihre Kamera, Ihr Mikrofon und Ihre Freigabe sind aus, und mit diesem Browser können Sie in diese Sitzung nicht zurück.",
    },
    wrong_key: {
      title: "Ihr Link öffnet die Verschlüsselung dieser Besprechung nicht",
      text: "Vielleicht gibt es einen neueren, oder er wurde ohne sein Ende kopiert. Nichts wurde gesendet. Bitten Sie den Gastgeber um den Link, wie er jetzt ist.",
    },
    wrong_password: {
      title: "Ihr Passwort öffnet die Verschlüsselung dieser Besprechung nicht",
      text: "Vielleicht wurde es geändert. Nichts wurde gesendet. Bitten Sie den Gastgeber um das Passwort, wie es jetzt ist, oder um den Link.",
    },
  },
  rejoin: "Wieder teilnehmen",
  seeReports: "Den Bericht ansehen",
};
