import { catalogue, grammar } from "./language";

const { plural } = grammar("en");

/** What one shares oneself, and how it is paused. */
export const sharing = catalogue("sharing", {
  pause: "Pause sharing",
  resume: "Resume sharing",
  blank: "Show a blank picture",
  unblank: "Show the last picture",
  other: "Share something else",
  preview: "What others see",
  noPreview: "Your entire screen is not shown here again: it would show itself in itself.",

  frozenTitle: "FROZEN",
  blankTitle: "BLANK",
  freezing: "Pausing…",
  frozenHelp: "Everybody sees this picture, and nothing of what you do now.",
  blankHelp: "Everybody sees a blank picture, and nothing of what you do now.",
  bytes: (bytes: string) => `${bytes} bytes sent so far.`,
  repeats: (n: number) =>
    n === 0
      ? "Not one since you paused."
      : plural(n, {
          one: "Since you paused, the same picture was sent again once, to somebody who came or had lost it.",
          other:
            "Since you paused, the same picture was sent again # times, to people who came or had lost it.",
        }),

  resumeTitle: "Resume sharing?",
  resumeHelp: "This is what everybody will see from now on:",
  resumeScreen:
    "Everybody will see your entire screen, with this page as long as it is in front. Look at what is open first.",
  stayPaused: "Stay paused",

  paused: (name: string) => `${name} has paused sharing`,
  blanked: (name: string) => `${name} has paused sharing and shows a blank picture`,
  resumed: (name: string) => `${name} has resumed sharing`,

  refused: {
    forbidden:
      "That is not allowed here, so nothing of it is shared. Choose one of those that the menu offers.",
    unknown:
      "This browser does not say what was chosen, and not everything may be shared here, so nothing is shared. Share from Chrome or Edge instead.",
    changed: "You switched to something that is not allowed here, so the share was stopped.",
  },
});
