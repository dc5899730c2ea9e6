import type { content as english } from "../content";
import type { Translation } from "../language";

export const content: Translation<typeof english> = {
  title: "نص أم حركة",
  choice: {
    auto: "تلقائي",
    text: "نص",
    motion: "حركة",
  },
  help: {
    text: "يُرسل الآن كنص: كل حرف واضح، وقد لا تكون الحركة سلسة.",
    motion: "يُرسل الآن كحركة: الحركة سلسة، وقد لا تكون الحروف الصغيرة واضحة.",
  },
};
