import type { Translation } from "../language";
import type { moved as english } from "../moved";

export const moved: Translation<typeof english> = {
  away: {
    microphone: (other) => `فُصل ميكروفونك. يسمعك الآخرون عبر ${other || "ميكروفون آخر"}.`,
    camera: (other) => `فُصلت كاميرتك. يراك الآخرون عبر ${other || "كاميرا أخرى"}.`,
    speaker: () => "فُصل مكبّر الصوت. يأتي الصوت من الجهاز الافتراضي.",
  },
  back: {
    microphone: (name) => `عاد ميكروفونك. يسمعك الآخرون من جديد عبر ${name || "الميكروفون نفسه"}.`,
    camera: (name) => `عادت كاميرتك. يراك الآخرون من جديد عبر ${name || "الكاميرا نفسها"}.`,
    speaker: (name) => `عاد مكبّر الصوت. يأتي الصوت من جديد من ${name || "الجهاز نفسه"}.`,
  },
};
