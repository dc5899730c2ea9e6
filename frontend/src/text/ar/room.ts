import { grammar, type Translation } from "../language";
import type { room as english } from "../room";

const { plural, list } = grammar("ar");

function someOf(names: readonly string[]): string {
  if (names.length <= 3) return list(names);
  const others = plural(names.length - 2, {
    two: "آخران",
    few: "# آخرون",
    many: "# آخرون",
    other: "# آخرون",
  });
  return list([...names.slice(0, 2), others]);
}

export const room: Translation<typeof english> = {
  stage: "المنصة",
  faces: "الأشخاص الظاهرون",
  participants: "المشاركون",
  controls: "أدوات التحكم",
  people: (n) =>
    plural(n, {
      zero: "لا أحد",
      one: "شخص واحد",
      two: "شخصان",
      few: "# أشخاص",
      many: "# شخصًا",
      other: "# شخص",
    }),
  you: "أنت",
  youNamed: (name) => `${name} (أنت)`,

  locked: "مقفل",
  lock: "قفل الاجتماع",
  unlock: "فتح قفل الاجتماع",

  mute: "كتم الصوت",
  unmute: "إلغاء الكتم",
  startCamera: "تشغيل الكاميرا",
  stopCamera: "إيقاف الكاميرا",
  share: "مشاركة",
  shareWindow: "نافذة",
  shareBrowser: "علامة تبويب",
  shareMonitor: "الشاشة كلها",
  shareHelp: "يسألك المتصفح أيًّا منها.",
  stopSharing: "إيقاف المشاركة",
  leave: "مغادرة",
  endForEveryone: "إنهاء للجميع",
  endTitle: "إنهاء الاجتماع للجميع؟",
  endHelp: "يُخرَج الجميع من الغرفة. لتذهب أنت ويبقى الآخرون، غادر بدلًا من ذلك.",
  fullScreen: "ملء الشاشة",
  exitFullScreen: "الخروج من ملء الشاشة",
  apart: "صورة داخل صورة",
  closeApart: "إغلاق صورة داخل صورة",
  layout: "التخطيط",
  layouts: { automatic: "تلقائي", grid: "شبكة", speaker: "المتحدث", pair: "جنبًا إلى جنب" },
  pin: (what) => `تثبيت ${what}`,
  unpin: (what) => `إلغاء تثبيت ${what}`,
  devices: "الأجهزة",
  devicesTitle: "الكاميرا والميكروفون ومكبّر الصوت",
  shortcuts: "اختصارات لوحة المفاتيح",
  more: "المزيد",
  closePanel: "إغلاق المشاركين",
  actionsFor: (name) => `إجراءات ${name}`,
  expel: "إخراج",
  expelTitle: (name) => `إخراج ${name}؟`,
  expelHelp:
    "يُخرَج من الغرفة فورًا، وتتغير المفاتيح: لا يستطيع من بعد قراءة شيء مما يقال أو يُعرض أو يُكتب. ولا يستطيع العودة إلى هذه الجلسة بالمتصفح نفسه.",

  waiting: (n) =>
    plural(n, {
      zero: "لا أحد ينتظر الدخول",
      one: "شخص واحد ينتظر الدخول",
      two: "شخصان ينتظران الدخول",
      few: "# أشخاص ينتظرون الدخول",
      many: "# شخصًا ينتظرون الدخول",
      other: "# شخص ينتظرون الدخول",
    }),
  waitingOne: (name) => `${name} ينتظر الدخول`,
  waitingTitle: "المنتظرون للدخول",
  showWaiting: "عرض المنتظرين",
  admit: "إدخال",
  deny: "رفض",
  admitAll: "إدخال الجميع",
  admitting: "جارٍ الإدخال…",
  waitingLocked: "افتح قفل الاجتماع لإدخالهم.",
  byLink: "معه الرابط",
  byPassword: "يعرف الرقم وكلمة المرور",
  knocked: (names) =>
    plural(names.length, {
      one: `${names[0]} ينتظر الدخول`,
      two: "شخصان آخران ينتظران الدخول",
      few: "# أشخاص آخرون ينتظرون الدخول",
      many: "# شخصًا آخر ينتظرون الدخول",
      other: "# شخص آخر ينتظرون الدخول",
    }),
  lobby: "السؤال قبل أن يدخل الناس",
  lobbyOn: "من يأتي ينتظر حتى يُدخله مضيف.",
  lobbyOff: "من معه الرابط، أو الرقم وكلمة المرور، يدخل فورًا.",
  lockedHelp: "الاجتماع مقفل: لا يستطيع أحد آخر الدخول.",

  role: { host: "مضيف", presenter: "مقدّم", panelist: "متحدث", attendee: "" },
  guest: "ضيف",
  signedIn: "مسجّل الدخول",
  muted: "مكتوم",
  unmuted: "الميكروفون يعمل",
  cameraOff: "الكاميرا متوقفة",
  cameraOn: "الكاميرا تعمل",
  sharing: "يشارك",
  speaking: "يتحدث",
  speakingNow: (names) =>
    plural(names.length, {
      one: `${names[0]} يتحدث`,
      two: `${list(names)} يتحدثان`,
      other: `${list(names)} يتحدثون`,
    }),
  reconnecting: "في انتظار الصورة",
  noRoom: {
    here: "اتصالك بطيء",
    is: "بعض الصور متوقفة لأن اتصالك بطيء",
    was: "كل الصور تتحرك من جديد",
  },

  surface: {
    window: "نافذة",
    browser: "علامة تبويب",
    monitor: "الشاشة كلها",
  },
  something: "شيئًا",
  shares: (name, what) => `${name} يشارك ${what}`,
  youShare: (what) => `أنت تشارك ${what}`,
  youShareHelp: "يراه كل من في الاجتماع.",
  showShare: (name) => `عرض ما يشاركه ${name}`,
  shareNamed: (name) => `ما يشاركه ${name}`,
  shareOf: (name) => `ما يشاركه ${name}`,
  yourShare: "ما تشاركه",

  morePeople: "أشخاص آخرون",
  fewerPeople: "رجوع",
  page: (page, pages) => `${page} من ${pages}`,

  soundBlocked: "يحجب المتصفح الصوت حتى تسمح به.",
  turnOnSound: "تشغيل الصوت",

  joined: (names) => `انضم ${someOf(names)}`,
  left: (names) => `غادر ${someOf(names)}`,
  wasExpelled: (name) => `أُخرج ${name}`,
  lostConnection: (name) => `فقد ${name} الاتصال`,
  startedSharing: (name, what) => `${name} يشارك ${what}`,
  stoppedSharing: (name) => `توقف ${name} عن المشاركة`,
  mutedBy: (name) => `كتم ${name} صوتك. يمكنك إلغاء الكتم حين تريد أن تتحدث.`,
  shareForbidden: "لم يعد هذا الموقع يسمح بتلك المشاركة، فأُوقفت.",
  chatForbidden: "عطّل هذا الموقع الدردشة.",
  somebody: "أحدهم",
  welcome: (title, people) => `أنت في ${title}، ${people}`,

  lost: "فُقد الاتصال",
  lostTrying: "الاجتماع مستمر. نحاول إعادتك.",
  lostGivenUp:
    "أنت خارج الاجتماع، والكاميرا والميكروفون والمشاركة متوقفة. تحقق من شبكتك، ثم انضم من جديد.",
  rejoin: "انضمام من جديد",
  back: "عدت إلى الاجتماع",
  mediaLost: "انقطع الصوت والصورة. نعيد وصلهما.",

  shortcutKeys: {
    microphone: "كتم الصوت أو إلغاء الكتم",
    camera: "تشغيل الكاميرا أو إيقافها",
    share: "المشاركة أو إيقافها",
    pauseSharing: "إيقاف المشاركة مؤقتًا أو استئنافها",
    hand: "رفع اليد أو خفضها",
    reactions: "إظهار التفاعلات أو إخفاؤها",
    participants: "إظهار المشاركين أو إخفاؤهم",
    chat: "إظهار الدردشة أو إخفاؤها",
    security: "إظهار ما يحمي الاجتماع أو إخفاؤه",
    shortcuts: "عرض هذه الاختصارات",
    talk: "اضغط مطوّلًا وأنت مكتوم، لتتحدث ما دمت ضاغطًا",
    close: "إغلاق قائمة أو لوحة",
  },
  escape: "Esc",
  space: "مسافة",
  singleKeys: "استعمال المفاتيح المفردة كاختصارات",

  refused: {
    apart: "لم يفتح المتصفح نافذة لذلك. حاول مرة أخرى.",
    screen: "هناك من يشارك بالفعل. لا يُعرض شيء منك. اطلب منه أن يتوقف أولًا.",
    forbidden: "هذا غير مسموح به هنا.",
    failed: "لم ينجح ذلك. لم يتغيّر شيء. حاول مرة أخرى.",
    often: "تكرر ذلك كثيرًا في وقت قصير. لا يُعرض شيء منك. حاول مرة أخرى بعد قليل.",
  },
  joinRefused: {
    full: "الاجتماع ممتلئ. لا يستطيع أحد آخر الدخول حتى يغادر أحد.",
    bad_version: "هذه الصفحة أقدم من الخادم أو أحدث منه. أعد تحميلها، ثم انضم.",
    unavailable: "لا يستطيع الخادم حفظ سجلاته الآن، فلا يُدخل أحدًا. حاول مرة أخرى قريبًا.",
    encryption:
      "لم يستطع متصفحك الانضمام إلى تشفير الاجتماع، فلم يُرسل شيء. أعد تحميل الصفحة، ثم انضم.",
    other: "لم يستطع الخادم إدخالك. لم يُرسل شيء. حاول مرة أخرى.",
  },
  dismiss: "إخفاء",
};
