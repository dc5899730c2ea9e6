import type { demo as english } from "../demo";
import type { Translation } from "../language";

export const demo: Translation<typeof english> = {
  title: "اجتماع داخل صفحتك",
  lead: "تمثّل هذه الصفحة إحدى صفحاتك. وهي متاحة فقط ما دام الموقع يعمل بلا TLS.",
  first: (origin) =>
    `اسمح أولًا لهذه الصفحة بعرض الاجتماعات: أضف ${origin} في السياسة، قسم التضمين.`,
  toPolicy: "السياسة",
  link: "رابط الدعوة",
  linkHint: "ينتهي بعلامة # وحروف بعدها، ولا يعرفها إلا الإطار.",
  linkMissing: "الصق رابط دعوة.",
  linkWrong: "ليس هذا رابط دعوة إلى اجتماع في هذا الموقع.",
  name: "الاسم الذي تنضم به",
  show: "عرض الاجتماع",
  showing: "لحظة من فضلك…",
  remove: "إزالته من الصفحة",
  said: "ما أخبر به الإطار هذه الصفحة",
  nothing: "لا شيء بعد.",
  yours: "في صفحتك",
};
