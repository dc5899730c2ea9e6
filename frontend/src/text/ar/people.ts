import type { Translation } from "../language";
import type { people as english } from "../people";

export const people: Translation<typeof english> = {
  title: "الأشخاص",
  lead: "من له حساب هنا، وما يحق له.",
  add: "إضافة شخص",
  search: "البحث بالاسم أو البريد",
  searchGo: "بحث",
  caption: "الأشخاص، بحسب البريد",
  name: "الاسم",
  email: "البريد الإلكتروني",
  role: "الدور",
  state: "الحساب",
  lastSignIn: "آخر دخول",
  never: "أبدًا",
  empty: "لا أحد هنا بهذا الاسم.",
  more: "عرض أشخاص آخرين",
  edit: "تعديل",
  editOf: (name) => `تعديل ${name}`,

  roleNames: {
    admin: "مدير",
    host: "مضيف",
    csr: "ممثل دعم",
    auditor: "مدقق",
  },
  roleHint:
    "المضيفون يعقدون الاجتماعات. ممثلو الدعم يعقدون جلسات الدعم أيضًا. المديرون يديرون الأشخاص والسياسة. المدققون يقرؤون كل شيء ولا يغيّرون شيئًا.",
  states: { active: "نشط", invited: "لم يختر كلمة مرور", disabled: "معطّل" },

  addTitle: "إضافة شخص",
  addLead: "يحصل على رابط ليختار كلمة مروره بنفسه. يعمل مرة واحدة، خلال سبعة أيام.",
  addGo: "إضافة",
  adding: "جارٍ الإضافة…",
  nameMissing: "أدخل اسمًا.",
  emailMissing: "أدخل بريدًا إلكترونيًا.",

  saving: "جارٍ الحفظ…",
  disabled: "معطّل: لا يستطيع أحد الدخول بهذا الحساب",
  disabledHint: "يسري فورًا: يُسجَّل خروج كل متصفح وكل برنامج لهذا الشخص.",
  account: "الحساب",
  newLink: "إعطاء رابط جديد",
  delete: "حذف هذا الحساب",
  deleteTitle: (name) => `حذف حساب ${name}؟`,
  deleteHelp: "يزول عندئذ. وإن كان صاحبه قد عقد اجتماعات فلا يمكنك إلا تعطيله.",
  deleteYes: "حذف",

  handTitle: "سلّم هذا الرابط",
  hand: (name, until) =>
    `يتيح لـ ${name} اختيار كلمة مرور، مرة واحدة، حتى ${until}. هذا الخادم لا يرسل بريدًا: سلّمه بنفسك حيث لا يقرؤه غيره. لن يُعرض مرة أخرى.`,
  link: "الرابط",
  copy: "نسخ الرابط",
  copied: "نُسخ",
  mailedTitle: "الرابط في الطريق",
  mailed: (email, until) =>
    `رسالة إلى ${email} تحمل رابطًا لاختيار كلمة مرور. يعمل مرة واحدة، حتى ${until}.`,
  done: "تم",

  requests: "نسوا كلمة المرور",
  requestsLead:
    "لا توافق إلا إذا كنت تعلم أنه هو من طلب ذلك. يحصل على رابط لاختيار كلمة مرور جديدة.",
  asked: (when) => `طُلب ${when}`,
  approve: "موافقة",
  approveOf: (name) => `الموافقة لـ ${name}`,
  deny: "رفض",
  denyOf: (name) => `رفض طلب ${name}`,
};
