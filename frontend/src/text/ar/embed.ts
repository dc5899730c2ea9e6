import type { embed as english } from "../embed";
import { grammar, type Translation } from "../language";

const { list } = grammar("ar");

export const embed: Translation<typeof english> = {
  notPassed: (what, allow) =>
    `الصفحة المحيطة بهذا الاجتماع لا تسمح له باستخدام: ${list(what)}. على من أنشأ الصفحة أن يضع allow="${allow}" في وسم الإطار.`,
  maybeNotPassed: (what, allow) =>
    `لا يسمح المتصفح لهذا الاجتماع باستخدام: ${list(what)}. ربما حظرته بنفسك، وإلا فعلى من أنشأ الصفحة المحيطة بهذا الاجتماع أن يضع allow="${allow}" في وسم الإطار.`,
  passed: {
    microphone: "الميكروفون",
    camera: "الكاميرا",
    "display-capture": "ما تريد مشاركته من شاشتك",
    autoplay: "الصوت بلا نقرة",
    fullscreen: "ملء الشاشة",
    "clipboard-write": "الحافظة",
  },
  unknownAround: "لا يعرف هذا الاجتماع في أي صفحة هو",
  unknownAroundHelp:
    'على من أنشأ تلك الصفحة أن يستخدم embed.js من هذا الموقع، أو أن يضع referrerpolicy="origin" في وسم الإطار. ويمكنك أيضًا فتح الاجتماع في علامة تبويب مستقلة.',
  nothing:
    "لا يُفتح هذا الاجتماع. ربما انتهت صلاحية ما جاءت به الصفحة المحيطة بهذا الاجتماع، أو حُذف الاجتماع. أعد تحميل الصفحة المحيطة بهذا الاجتماع.",
  asks: {
    microphone: "تطلب منك الصفحة المحيطة بهذا الاجتماع إلغاء الكتم.",
    camera: "تطلب منك الصفحة المحيطة بهذا الاجتماع تشغيل الكاميرا.",
    screen: "تطلب منك الصفحة المحيطة بهذا الاجتماع مشاركة شاشتك.",
  },
  away: {
    denied: "لم يسمح المضيف لهذا الشخص بالدخول.",
    locked: "الاجتماع مقفل.",
    expelled: "أخرج المضيف هذا الشخص.",
    wrong_key: "الرابط أو كلمة المرور لا يفتح هذا الاجتماع.",
  },
  turnOn: { microphone: "إلغاء الكتم", camera: "تشغيل الكاميرا", screen: "مشاركة" },
};
