import type { account as english } from "../account";
import type { Translation } from "../language";

export const account: Translation<typeof english> = {
  homeTitle: "اجتماعات في متصفحك",
  homeLead: "تحدّثوا، واعرضوا الشاشة، وليرَ بعضكم بعضًا. لا شيء يحتاج إلى تثبيت.",
  homeJoin: "الانضمام إلى اجتماع",
  homeHost: "هل تستضيف اجتماعات هنا؟",
  homeLink: "إذا أُرسل إليك رابط فافتحه: يأخذك مباشرة إلى اجتماعك.",
  openMeetings: "اجتماعات مفتوحة",
  joinListed: "انضمام",
  joinNamed: (title) => `الانضمام إلى ${title}`,
  toMeetings: "اجتماعاتك",

  setupTitle: "إعداد Conclave",
  setupLead: "أنت أول من وصل إلى هنا. بهذا يُنشأ حسابك، وهو الذي يدير هذا الموقع.",
  setupMissing:
    "تحتاج هذه الصفحة إلى رابط الإعداد الذي طبعه الخادم عند تشغيله. افتح ذلك الرابط مرة أخرى. لم يتغيّر شيء.",
  name: "اسمك",
  email: "البريد الإلكتروني",
  password: "كلمة المرور",
  passwordHint: "الطول أفضل من التعقيد: بضع كلمات لا صلة بينها.",
  setup: "إعداد",
  settingUp: "جارٍ الإعداد…",

  signInTitle: "تسجيل الدخول",
  signInLead: "لمن يستضيفون الاجتماعات. لا يحتاج الضيوف إلى حساب: يفتحون الرابط الذي أُرسل إليهم.",
  signingIn: "جارٍ تسجيل الدخول…",
  forgotLink: "هل نسيت كلمة المرور؟",
  registerLink: "طلب حساب",

  welcomeTitle: {
    invite: "مرحبًا",
    register: "مرحبًا",
    reset: "اختيار كلمة مرور جديدة",
  },
  welcomeLead: (name, email) =>
    `${name}، اختر كلمة المرور لحسابك ${email}. وستكون عندها قد سجّلت الدخول.`,
  welcomeMissing:
    "تحتاج هذه الصفحة إلى الرابط الكامل الذي حصلت عليه. افتح ذلك الرابط مرة أخرى. لم يتغيّر شيء.",
  newPassword: "كلمة المرور الجديدة",
  choosePassword: "تعيين كلمة المرور وتسجيل الدخول",
  choosing: "جارٍ التعيين…",
  askAnother: "طلب رابط آخر",

  registerTitle: "طلب حساب",
  registerLead: "بالحساب تستضيف الاجتماعات. نرسل رابطًا إلى عنوانك، ويُنشأ حسابك حين تفتحه.",
  register: "أرسلوا إليّ الرابط",
  registering: "جارٍ الإرسال…",
  registerDone: "انظر في صندوق بريدك",
  registerDoneHelp:
    "إذا كان من الممكن أن يكون لهذا العنوان حساب هنا، فرسالة فيها رابط في الطريق. يصلح الرابط عشر دقائق.",
  registerClosed: "لا أحد ينشئ حسابًا لنفسه هنا",
  registerClosedHelp: "اطلب حسابًا من أحد مديري هذا الموقع.",

  forgotTitle: "هل نسيت كلمة المرور؟",
  forgotLead: "أخبرنا بعنوان حسابك. تحصل على رابط لاختيار كلمة مرور جديدة.",
  forgot: "طلب رابط",
  forgetting: "جارٍ الطلب…",
  forgotDone: "انظر في صندوق بريدك",
  forgotDoneHelp:
    "إذا كان هناك حساب بهذا العنوان، فرسالة فيها رابط في الطريق. يصلح الرابط عشر دقائق.",
  forgotWaits: "يجب أن يوافق أحد المديرين",
  forgotWaitsHelp: "إذا كان هناك حساب بهذا العنوان، فسيرى أحد مديري هذا الموقع طلبك ويتواصل معك.",
  backToSignIn: "العودة إلى تسجيل الدخول",

  emailMissing: "أدخل بريدك الإلكتروني.",
  passwordMissing: "أدخل كلمة المرور.",
  nameMissing: "أدخل اسمك.",
};
