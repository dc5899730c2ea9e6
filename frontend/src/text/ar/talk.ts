import { grammar, type Translation } from "../language";
import type { talk as english } from "../talk";

const { plural } = grammar("ar");

export const talk: Translation<typeof english> = {
  raiseHand: "رفع اليد",
  lowerHand: "خفض اليد",
  handUp: "اليد مرفوعة",
  hands: (n) =>
    plural(n, {
      zero: "لا أيدٍ مرفوعة",
      one: "يد مرفوعة واحدة",
      two: "يدان مرفوعتان",
      few: "# أيدٍ مرفوعة",
      many: "# يدًا مرفوعة",
      other: "# يد مرفوعة",
    }),
  queue: "قائمة المتحدثين",
  queueHelp: "بالترتيب الذي رُفعت به الأيدي.",
  raised: (name) => `رفع ${name} يده`,
  youRaised: (place) => (place === 1 ? "يدك مرفوعة. أنت التالي." : `يدك مرفوعة. أنت رقم ${place}.`),
  youLowered: "يدك مخفوضة.",
  somebody: "أحدهم",
  loweredBy: (name) => `خفض ${name} يدك.`,

  reactions: "التفاعلات",
  signs: ["إعجاب", "قلب", "ضحك", "تصفيق", "احتفال"],
  reacted: (name, sign) => `${name}: ${sign}`,
  reactedMany: (n) =>
    plural(n, {
      zero: "لم يتفاعل أحد",
      one: "تفاعل شخص واحد",
      two: "تفاعل شخصان",
      few: "تفاعل # أشخاص",
      many: "تفاعل # شخصًا",
      other: "تفاعل # شخص",
    }),
  reactionNotSent: "لم يُرسل هذا. ربما انقطع الاتصال.",
};
