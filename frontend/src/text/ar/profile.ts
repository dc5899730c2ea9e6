import { grammar, type Translation } from "../language";
import type { profile as english } from "../profile";

const { plural } = grammar("ar");

export const profile: Translation<typeof english> = {
  title: "ملفك الشخصي",
  about: "عنك",
  name: "اسمك",
  nameHint: "كما يراه الناس في اجتماعاتك.",
  nameMissing: "أدخل اسمك.",
  timeZone: "المنطقة الزمنية",
  browsersZone: (zone) => `كما يقول متصفحي (${zone})`,
  language: "اللغة",
  languageHint: "لغة هذه الصفحات، ولغة الرسائل إليك حيث تُرجمت.",
  browsersLanguage: "كما يقول متصفحي",
  minutes: "تستغرق الاجتماعات الجديدة",
  minutesOf: (n) =>
    n % 60 === 0
      ? plural(n / 60, {
          one: "ساعة واحدة",
          two: "ساعتان",
          few: "# ساعات",
          many: "# ساعة",
          other: "# ساعة",
        })
      : plural(n, {
          one: "دقيقة واحدة",
          two: "دقيقتان",
          few: "# دقائق",
          many: "# دقيقة",
          other: "# دقيقة",
        }),
  saving: "جارٍ الحفظ…",
  saved: "حُفظ",

  factors: "تسجيل الدخول والأمان",
  factorsHelp: "مفاتيح المرور، وتطبيق مصادقة ورموز استعادته.",
  toFactors: "فتح تسجيل الدخول والأمان",

  password: "كلمة المرور",
  current: "كلمة المرور الحالية",
  currentMissing: "أدخل كلمة مرورك الحالية.",
  new: "كلمة المرور الجديدة",
  newMissing: "أدخل كلمة مرور جديدة.",
  change: "تغيير كلمة المرور",
  changing: "جارٍ التغيير…",
  changed: "تغيّرت. سُجّل خروج كل متصفح آخر، وزالت رموز API الخاصة بك.",
  passwordHelp: "يُسجَّل خروج كل متصفح آخر دخلت منه، وتتوقف رموز API الخاصة بك عن العمل.",

  logins: "أين سجّلت الدخول",
  thisOne: "هذا المتصفح",
  unknown: "متصفح لم يُستعمل بعد",
  device: (browser, system) => `${browser} على ${system}`,
  lastSeen: (when, where) => `آخر استعمال ${when}${where ? ` من ${where}` : ""}`,
  signOut: "تسجيل الخروج",
  signOutOf: (device) => `تسجيل الخروج من ${device}`,
  everywhere: "تسجيل الخروج من كل مكان",
  everywhereHelp: "ومن هنا أيضًا. تتوقف رموز API الخاصة بك عن العمل.",

  tokens: "رموز API",
  tokensHelp:
    "يُدخل الرمز برنامجًا لك دون كلمة مرورك. أعطِ كل برنامج رمزًا خاصًا به، لا أكثر مما يحتاج إليه.",
  noTokens: "ليس لديك أي منها.",
  tokenNever: "لم يُستعمل قط",
  tokenUsed: (when) => `آخر استعمال ${when}`,
  tokenExpires: (when) => `يعمل حتى ${when}`,
  tokenDelete: "حذف",
  tokenDeleteOf: (name) => `حذف الرمز ${name}`,
  tokenMake: "إنشاء رمز",
  tokenName: "اسم البرنامج",
  tokenNameMissing: "أدخل اسمًا، حتى تعرف الرمز من جديد.",
  tokenMay: "ما يحق له",
  tokenNothing: "اختر ما يحق للبرنامج.",
  tokenDays: "يعمل لمدة",
  tokenDaysOf: (n) =>
    plural(n, {
      one: "يوم واحد",
      two: "يومين",
      few: "# أيام",
      many: "# يومًا",
      other: "# يوم",
    }),
  tokenMaking: "جارٍ الإنشاء…",
  tokenMade: "رمزك الجديد",
  tokenMadeHelp: "انسخه الآن: لن يُعرض مرة أخرى. من يملكه يستطيع أن يفعل بحسابك ما اخترته.",
  token: "الرمز",
  copy: "نسخ الرمز",
  copied: "نُسخ",
  done: "تم",
  scopes: {
    read: "رؤية ما أراه، ومنه كلمات مرور اجتماعاتي",
    meetings: "جدولة اجتماعاتي وبدؤها وإنهاؤها",
    users: "إدارة أشخاص هذا الموقع",
    joinKeys: "تسجيل مفاتيح رموز الانضمام وإبطالها",
  },
};
