import type { Translation } from "../language";
import type { moved as english } from "../moved";

export const moved: Translation<typeof english> = {
  away: {
    microphone: (other) =>
      `Ihr Mikrofon wurde abgezogen. Die anderen hören Sie über ${other || "ein anderes"}.`,
    camera: (other) =>
      `Ihre Kamera wurde abgezogen. Die anderen sehen Sie über ${other || "eine andere"}.`,
    speaker: () => "Ihr Lautsprecher wurde abgezogen. Der Ton kommt aus dem Standardgerät.",
  },
  back: {
    microphone: (name) =>
      `Ihr Mikrofon ist wieder da. Die anderen hören Sie wieder über ${name || "das von vorher"}.`,
    camera: (name) =>
      `Ihre Kamera ist wieder da. Die anderen sehen Sie wieder über ${name || "die von vorher"}.`,
    speaker: (name) =>
      `Ihr Lautsprecher ist wieder da. Der Ton kommt wieder aus ${name || "dem von vorher"}.`,
  },
};
