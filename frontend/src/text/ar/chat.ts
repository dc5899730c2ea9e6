import type { chat as english } from "../chat";
import { grammar, type Translation } from "../language";

const { plural } = grammar("ar");

export const chat: Translation<typeof english> = {
  title: "الدردشة",
  close: "إغلاق الدردشة",
  lead: "مشفّرة من طرف إلى طرف، وتزول بانتهاء الاجتماع. من يأتي لاحقًا لا يراها.",
  empty: "لم يُكتب شيء بعد.",
  messages: "الرسائل",
  newer: "رسائل جديدة",
  unread: (n) =>
    plural(n, {
      zero: "لا رسائل جديدة",
      one: "رسالة جديدة واحدة",
      two: "رسالتان جديدتان",
      few: "# رسائل جديدة",
      many: "# رسالة جديدة",
      other: "# رسالة جديدة",
    }),

  you: "أنت",
  somebody: "شخص غادر",
  toHosts: "إلى المضيفين",
  toPresenters: "إلى المقدّمين",
  onlyToYou: "إليك وحدك",
  onlyTo: (name) => `إلى ${name} فقط`,
  heard: (name, to, text) => (to ? `${name}، ${to}: ${text}` : `${name}: ${text}`),

  to: "إلى",
  everyone: "الجميع",
  hosts: "المضيفون",
  presenters: "المقدّمون",
  gone: (name) => `${name} (ليس هنا)`,
  forbidden: (name) => `${name} (غير مسموح)`,
  forbiddenHelp: "لا يحق لك أن تكتب إليهم هنا. اختر شخصًا آخر؛ لم يُرسل شيء.",
  goneHelp: "من كُتبت له هذه الرسالة لم يعد هنا. اختر شخصًا آخر؛ لم يُرسل شيء.",
  message: "الرسالة",
  placeholder: "\u2067للإرسال اضغط Enter، ولسطر جديد Shift+Enter\u2069",
  send: "إرسال",
  rest: (n) =>
    plural(n, {
      zero: "لم يبق أي حرف",
      one: "بقي حرف واحد",
      two: "بقي حرفان",
      few: "بقيت # أحرف",
      many: "بقي # حرفًا",
      other: "بقي # حرف",
    }),
  tooLong: (n) =>
    plural(n, {
      zero: "ليست أطول مما يمكن إرساله",
      one: "أطول بحرف واحد مما يمكن إرساله",
      two: "أطول بحرفين مما يمكن إرساله",
      few: "أطول بـ # أحرف مما يمكن إرساله",
      many: "أطول بـ # حرفًا مما يمكن إرساله",
      other: "أطول بـ # حرف مما يمكن إرساله",
    }),
  notSent: "لم يُرسل هذا. ربما انقطع الاتصال؛ ما كتبته لا يزال هنا.",
  notAllowed: "لا يمكنك الكتابة هنا. يمكنك القراءة.",

  linkTitle: "فتح هذا العنوان؟",
  linkHelp: (site) =>
    `أُرسل في الدردشة ويقود إلى ${site}. يُفتح في علامة تبويب جديدة، ويستمر الاجتماع.`,
  open: "فتح",
};
