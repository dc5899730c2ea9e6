import type { content as english } from "../content";
import type { Translation } from "../language";

export const content: Translation<typeof english> = {
  title: "Text oder Bewegung",
  choice: {
    auto: "Automatisch",
    text: "Text",
    motion: "Bewegung",
  },
  help: {
    text: "Wird jetzt als Text gesendet: Jeder Buchstabe ist scharf; Bewegung ist vielleicht nicht flüssig.",
    motion:
      "Wird jetzt als Bewegung gesendet: Bewegung ist flüssig; kleine Buchstaben sind vielleicht nicht scharf.",
  },
};
