import type { embedding as english } from "../embedding";
import type { Translation } from "../language";

export const embedding: Translation<typeof english> = {
  title: "التضمين",
  lead: "اعرض اجتماعات هذا الموقع داخل صفحات منتجك.",

  origins: "الصفحات التي يحق لها عرضها",
  originsNone: "لا شيء بعد: لا يحق لأي صفحة عرض اجتماع من هذا الموقع.",
  originsEdit: "تغييرها في السياسة",

  keys: "مفاتيح رموز الانضمام",
  keysLead:
    "يستطيع خادمك أن يُدخل الأشخاص: يصنع لكل شخص رمزًا موقّعًا بمفتاح يحتفظ به لنفسه. سجّل هنا النصف العام من ذلك المفتاح.",
  rotate: "لتبديل مفتاح، أضف الجديد، ودع خادمك يوقّع به، ثم أبطل القديم.",
  add: "إضافة مفتاح",
  caption: "المفاتيح، الصالحة منها أولًا",
  empty: "لا يوجد مفتاح بعد: لا يدخل أحد برمز انضمام.",
  name: "الاسم",
  algorithm: "النوع",
  role: "حتى",
  used: "آخر استخدام",
  never: "أبدًا",
  actions: "الإجراءات",
  revoked: (when) => `أُبطل ${when}`,
  made: (when, by) => `أضافه ${by}، ${when}`,
  roles: { host: "مضيف", presenter: "مقدّم", panelist: "متحدث", attendee: "مشارك" },

  addLead: "اصنع الزوج على خادمك. يبقى نصفه الخاص هناك.",
  addGo: "إضافة",
  adding: "تجري الإضافة…",
  nameHint: "ما الذي يوقّع به، كما ستتعرّف إليه لاحقًا.",
  nameMissing: "أدخل اسمًا.",
  publicKey: "المفتاح العام",
  publicKeyHint: "بصيغة PEM أو JWK: ‏Ed25519، أو RSA من 2048 إلى 4096 بت.",
  publicKeyMissing: "الصق المفتاح العام.",
  roleHint: "أقوى دور يجوز لرمز من هذا المفتاح أن يمنحه في اجتماع.",

  sample: "مثال",
  sampleOf: (name) => `مثال لـ ${name}`,
  sampleTitle: (name) => `رمز من ${name}`,
  sampleLead:
    "يوقّع خادمك رمزًا كهذا لكل شخص، مع jti جديد وبما لا يزيد على ساعة من iat إلى exp. وهو صالح مرة واحدة.",
  sampleLabel: "الترويسة والبيانات",
  copy: "نسخ المثال",
  copied: "نُسخ",
  done: "تم",

  rename: "إعادة التسمية",
  renameOf: (name) => `إعادة تسمية ${name}`,
  renaming: "يجري الحفظ…",

  revoke: "إبطال",
  revokeOf: (name) => `إبطال ${name}`,
  revokeTitle: (name) => `إبطال ${name}؟`,
  revokeHelp:
    "لن تُدخل رموز هذا المفتاح أحدًا من الآن. من هو في اجتماع يبقى فيه. ولا يمكن إضافة المفتاح مرة أخرى.",
  revokeYes: "إبطال",
};
