import type { Translation } from "../language";
import type { moderation as english } from "../moderation";

export const moderation: Translation<typeof english> = {
  muteAll: "كتم صوت الجميع",
  stopAllShares: "إيقاف كل مشاركة",
  stopShare: "إيقاف المشاركة",
  mute: "كتم الصوت",
  askToUnmute: "طلب إلغاء الكتم",
  expel: "إخراج",
  make: {
    host: "جعله مضيفًا",
    presenter: "جعله مقدّمًا",
    panelist: "جعله متحدثًا",
    attendee: "جعله حاضرًا",
  },
  stepDown: "التخلي عن دور المضيف",
  reclaim: "استعادة الاجتماع",

  rights: "ما يحق للحاضرين",
  rightsHelp:
    "يسري هذا على كل الحاضرين فورًا. ويحق للمضيفين والمقدّمين والمتحدثين كل ذلك. ويُوقف ما يفعله أحدهم ولم يعد يحق له.",
  rightsOfOne: "ما يحق له",
  rightsTitle: (name) => `ما يحق لـ ${name}`,
  rightsOfOneHelp: "يسري هذا عليه وحده، أيًّا كان ما يحق لغيره من الحاضرين.",
  right: {
    speak: "التحدث",
    camera: "إظهار الكاميرا",
    share: "مشاركة نافذة أو علامة تبويب أو الشاشة",
    chat_everyone: "الكتابة إلى الجميع، وإلى حاضرين آخرين",
    chat_presenters: "الكتابة إلى المقدّمين والمتحدثين",
    chat_hosts: "الكتابة إلى المضيفين",
    see_participants: "رؤية من هنا",
    annotate: "الرسم على ما يُعرض",
    save_document: "حفظ المستندات",
    print_document: "طباعة المستندات",
    any_page: "النظر في أي صفحة",
    remote_control: "التحكم فيما يُشارك، عند الطلب",
    record: "التسجيل",
  },

  hiddenPeople: "لا يظهر الحاضرون الآخرون هنا.",

  youAre: {
    host: "أنت الآن مضيف. يمكنك إدخال الناس وكتم أصواتهم وإخراجهم، وإنهاء الاجتماع.",
    presenter: "أنت الآن مقدّم. يمكنك المشاركة، وتحديد ما يحق للحاضرين.",
    panelist: "أنت الآن متحدث. يمكنك التحدث والمشاركة.",
    attendee: "أنت الآن حاضر.",
  },
  maySpeak: "يحق لك التحدث الآن. ألغِ الكتم حين تريد.",
  mayNotSpeak: "لا يحق لك التحدث هنا الآن.",
  stoppedBy: (name, what) => `أوقف ${name} ${what}.`,
  yours: {
    microphone: "ميكروفونك",
    camera: "كاميرتك",
    screen: "ما كنت تشاركه",
    screen_audio: "صوت ما كنت تشاركه",
  },
  asked: (name) => `يطلب منك ${name} إلغاء الكتم.`,
  unmute: "إلغاء الكتم",
};
