import type { Translation } from "../language";
import type { moderation as english } from "../moderation";

export const moderation: Translation<typeof english> = {
  muteAll: "Alle stummschalten",
  stopAllShares: "Alles Teilen beenden",
  stopShare: "Teilen beenden",
  mute: "Stummschalten",
  askToUnmute: "Um Ton bitten",
  expel: "Ausschließen",
  make: {
    host: "Zum Gastgeber machen",
    presenter: "Vortragen lassen",
    panelist: "Aufs Podium holen",
    attendee: "Zum Zuhören schicken",
  },
  stepDown: "Als Gastgeber zurücktreten",
  reclaim: "Die Besprechung zurücknehmen",

  rights: "Was Zuhörende dürfen",
  rightsHelp:
    "Das gilt sofort für alle Zuhörenden. Gastgeber, Vortragende und das Podium dürfen alles davon. Was jemand gerade tut und nicht mehr darf, wird beendet.",
  rightsOfOne: "Was diese Person darf",
  rightsTitle: (name) => `Was ${name} darf`,
  rightsOfOneHelp: "Das gilt nur für diese Person, was auch immer die anderen dürfen.",
  right: {
    speak: "Sprechen",
    camera: "Die Kamera zeigen",
    share: "Ein Fenster, einen Tab oder den Bildschirm teilen",
    chat_everyone: "An alle schreiben, und an andere Zuhörende",
    chat_presenters: "An Vortragende und das Podium schreiben",
    chat_hosts: "An die Gastgeber schreiben",
    see_participants: "Sehen, wer da ist",
    annotate: "In das Gezeigte zeichnen",
    save_document: "Dokumente speichern",
    print_document: "Dokumente drucken",
    any_page: "Jede Seite ansehen",
    remote_control: "Geteiltes steuern, wenn darum gebeten",
    record: "Aufnehmen",
  },

  hiddenPeople: "Die anderen Zuhörenden werden hier nicht gezeigt.",

  youAre: {
    host: "Sie sind jetzt Gastgeber. Sie können einlassen, stummschalten und ausschließen, und die Besprechung beenden.",
    presenter: "Sie tragen jetzt vor. Sie können teilen und bestimmen, was Zuhörende dürfen.",
    panelist: "Sie sind jetzt auf dem Podium. Sie können sprechen und teilen.",
    attendee: "Sie hören jetzt zu.",
  },
  maySpeak: "Sie dürfen jetzt sprechen. Schalten Sie das Mikrofon ein, wenn Sie möchten.",
  mayNotSpeak: "Sie dürfen hier gerade nicht sprechen.",
  stoppedBy: (name, what) => `${name} hat ${what} ausgeschaltet.`,
  yours: {
    microphone: "Ihr Mikrofon",
    camera: "Ihre Kamera",
    screen: "Ihre Freigabe",
    screen_audio: "den Ton Ihrer Freigabe",
  },
  asked: (name) => `${name} bittet Sie, das Mikrofon einzuschalten.`,
  unmute: "Mikrofon an",
};
