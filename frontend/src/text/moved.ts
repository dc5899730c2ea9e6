import { catalogue } from "./language";

/** What is said when a device went over to another by itself. */
export const moved = catalogue("moved", {
  /** another device took over */
  away: {
    microphone: (other: string) =>
      `Your microphone was unplugged. The others hear you through ${other || "another one"}.`,
    camera: (other: string) =>
      `Your camera was unplugged. The others see you through ${other || "another one"}.`,
    speaker: () => "Your speaker was unplugged. The sound comes from the default one.",
  },
  /** and the one from before is there again */
  back: {
    microphone: (name: string) =>
      `Your microphone is back. The others hear you through ${name || "it"} again.`,
    camera: (name: string) =>
      `Your camera is back. The others see you through ${name || "it"} again.`,
    speaker: (name: string) => `Your speaker is back. The sound comes from ${name || "it"} again.`,
  },
});
