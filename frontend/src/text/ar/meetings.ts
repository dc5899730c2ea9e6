import { grammar, type Translation } from "../language";
import type { meetings as english } from "../meetings";

const { plural } = grammar("ar");

export const meetings: Translation<typeof english> = {
  title: "اجتماعاتك",
  schedule: "جدولة اجتماع",
  upcoming: "اليوم وما بعده",
  past: "سابقة",
  empty: "لا شيء مخطط له.",
  emptyHelp: "جدول اجتماعًا، ثم أرسل دعوته إلى من تريد أن تراهم.",
  running: "جارٍ الآن",
  ended: "انتهى",
  number: "الرقم",
  link: "الرابط",
  password: "كلمة المرور",
  start: "بدء",
  rejoin: "انضمام من جديد",
  starting: "جارٍ البدء…",
  copy: "نسخ الدعوة",
  copied: "نُسخت",
  copiedByNumber: "نُسخ الرقم وكلمة المرور، دون الرابط",
  noLink: "ليس على هذا الجهاز رابط هذا الاجتماع",
  noLinkHelp:
    "يبقى سر الرابط على الجهاز الذي أُنشئ عليه، حتى لا يعرفه أي خادم. بدونه لا تحوي الدعوة إلا الرقم وكلمة المرور.",
  newLink: "إنشاء رابط جديد",
  newLinkTitle: (title) => `إنشاء رابط جديد لـ «${title}»؟`,
  newLinkHelp:
    "يتوقف الرابط الذي في الدعوات السابقة عن العمل. أرسل الدعوة الجديدة إلى كل من سيأتي بالرابط.",
  pasteLink: "لصق الرابط",
  pasteLinkTitle: "استعمال رابط من دعوة",
  pasteLinkHelp: "يُحفظ على هذا الجهاز وحده.",
  invitationLink: "رابط الدعوة",
  invitationLinkHint: "العنوان كاملًا، من الدعوة التي أرسلتها مثلًا.",
  useLink: "استعمال هذا الرابط",
  usingLink: "جارٍ التحقق…",
  invitationLinkMissing: "الصق الرابط.",
  notThisLink: "ليس هذا رابط الاجتماع كما هو الآن. انسخه كله، حتى نهايته، من أحدث دعوة.",
  copyFailed: "لم يسمح لنا المتصفح بالنسخ. انسخ من هنا:",
  invitationText: "الدعوة",
  edit: "تعديل",
  remove: "حذف",
  removeTitle: (title) => `حذف «${title}»؟`,
  removeHelp:
    "يتوقف رقمه ورابطه عن العمل للجميع، ويُخبَر من دُعي بالبريد. تبقى سجلات الجلسات السابقة.",
  removeYes: "حذف الاجتماع",
  actionsFor: (title) => `إجراءات ${title}`,

  formTitle: "العنوان",
  formStart: "البداية",
  formPassword: "كلمة مرور الاجتماع",
  formPasswordHint:
    "لمن ينضمون بالرقم. يعرفها الخادم، ولذلك فالرابط، الذي يعمل بدونها، هو المفتاح الأقوى.",
  timesIn: (zone) => `بتوقيت ${zone}.`,
  more: "خيارات أخرى",
  minutes: "المدة بالدقائق",
  timeZone: "المنطقة الزمنية",
  repeat: "التكرار",
  times: "كم مرة",
  timesHint: "لاجتماع يتكرر، من 1 إلى 366.",
  once: "لا يتكرر",
  daily: "كل يوم",
  weekdays: "كل يوم عمل، من الاثنين إلى الجمعة",
  weekly: "كل أسبوع",
  fortnightly: "كل أسبوعين",
  monthly: "كل شهر، في التاريخ نفسه",
  yearly: "كل سنة",
  asItIs: "كما هو الآن",
  repeatsTimes: (rhythm, times) => `${rhythm}، عدد المرات: ${times}`,
  repeatsOften: "يتكرر",
  next: "القادم",
  hostedFor: (name) => `نيابة عن ${name}`,
  agenda: "جدول الأعمال",
  invitees: "الدعوة بالبريد الإلكتروني",
  inviteesHint:
    "نكتب إليهم الآن، ومرة أخرى حين يتغير شيء. في الرسالة الرقم وكلمة المرور، لا الرابط: يبقى سره عندك.",
  hosts: "من يحق لهم بدؤه أيضًا",
  hostsHint: "عناوين بريد أشخاص يستضيفون اجتماعات هنا.",
  service: "نوع الاجتماع",
  services: [
    ["MeetingCenter", "اجتماع"],
    ["TrainingCenter", "تدريب"],
    ["EventCenter", "فعالية"],
    ["SupportCenter", "دعم"],
  ],
  lobbyOption: "اسألني قبل أن يدخل أي أحد",
  accountOption: "لمن سجّلوا الدخول هنا فقط",
  addressOption: "اسأل الضيوف عن عنوان بريدهم",
  unmailedOption: "لا تضع كلمة المرور في البريد",
  publicOption: "اعرضه على صفحة البداية، للجميع",
  send: "إرسال الدعوات",
  sendTitle: (title) => `دعوة أشخاص إلى «${title}»`,
  sendTo: "عناوين البريد",
  sendToHint: "واحد في كل سطر، أو تفصل بينها فواصل.",
  sendMissing: "حدّد من تدعوه.",
  sending: "جارٍ الإرسال…",
  sendMeaning:
    "في الرسالة الرقم وكلمة المرور. أما المدخل الأقوى فانسخ له الدعوة برابطها وأرسلها بنفسك على انفراد.",
  sent: (count) =>
    plural(count, {
      zero: "لا دعوات في الطريق",
      one: "دعوة واحدة في الطريق",
      two: "دعوتان في الطريق",
      few: "# دعوات في الطريق",
      many: "# دعوة في الطريق",
      other: "# دعوة في الطريق",
    }),

  formSchedule: "جدولة",
  scheduling: "جارٍ الجدولة…",
  editTitle: "تعديل الاجتماع",
  saving: "جارٍ الحفظ…",
  meaning:
    "غير مُدرج ومشفّر من طرف إلى طرف. يدخل الناس بالرابط، أو بالرقم وكلمة المرور. ينتظرون حتى تبدأ، وينضمون مكتومي الصوت.",
  titleMissing: "أعطِ الاجتماع عنوانًا.",
  startMissing: "حدّد متى يبدأ.",
  passwordMissing: "أعطِ الاجتماع كلمة مرور.",
  zone: (name) => `الأوقات بمنطقتك الزمنية، ${name}.`,

  invitation: (m) =>
    [
      ...head(m),
      "للانضمام:",
      m.link,
      "",
      `أو انضم بالرقم: ${leftToRight(m.number)}`,
      `كلمة مرور الاجتماع: ${m.password}`,
    ].join("\n"),
  invitationByNumber: (m) =>
    [
      ...head(m),
      "للانضمام:",
      m.address,
      `رقم الاجتماع: ${leftToRight(m.number)}`,
      `كلمة مرور الاجتماع: ${m.password}`,
    ].join("\n"),
};

function head(m: { host: string; title: string; when: string; zone: string }): readonly string[] {
  return [`${m.host} يدعوك إلى اجتماع`, "", m.title, `${m.when} (${m.zone})`, ""];
}

/** leftToRight keeps the parts of a number in their order. A link gets a line of its own instead, to be copied as it is. */
function leftToRight(typed: string): string {
  return `\u2066${typed}\u2069`;
}
