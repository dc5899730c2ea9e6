/** Every icon is drawn on a 24-pixel square with one stroke; it never speaks, a word beside it does. */
const paths = {
  microphone:
    "M12 3a3 3 0 0 1 3 3v6a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3ZM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3",
  microphoneOff:
    "M9 9v3a3 3 0 0 0 4.6 2.5M15 11V6a3 3 0 0 0-5.8-1.1M5.5 11.5a6.5 6.5 0 0 0 9.9 5.5M18.5 11.5c0 1-.2 1.9-.6 2.7M12 18v3M4 4l16 16",
  camera:
    "M4 7h10a1.5 1.5 0 0 1 1.5 1.5v7A1.5 1.5 0 0 1 14 17H4a1.5 1.5 0 0 1-1.5-1.5v-7A1.5 1.5 0 0 1 4 7ZM15.5 11l6-3.5v9l-6-3.5",
  cameraOff:
    "M9.5 7H14a1.5 1.5 0 0 1 1.5 1.5V13M15.5 12.5l6 4v-9l-6 3.5M13.5 17H4a1.5 1.5 0 0 1-1.5-1.5v-7A1.5 1.5 0 0 1 4 7M3 3l18 18",
  screen: "M3.5 5h17v11h-17ZM8 20h8M12 13V8.5M9.800 10.5 12 8.300l2.200 2.200",
  screenStop: "M3.5 5h17v11h-17ZM8 20h8M9.800 8.300l4.400 4.400M14.200 8.300l-4.400 4.400",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 19.5c.4-3.5 3-5.5 6.5-5.5s6.100 2 6.5 5.5M16 4.400a3.5 3.5 0 0 1 0 6.300M17.5 14.400c2.300.7 3.700 2.5 4 5.100",
  hand: "M8 12.500V5.500a1.500 1.500 0 0 1 3 0V11M11 10V4.500a1.500 1.500 0 0 1 3 0V11M14 10.500V6a1.500 1.500 0 0 1 3 0v8.500c0 3.500-2.500 6-6 6-2.500 0-4.200-1-5.600-3.300L3.600 14a1.500 1.500 0 0 1 2.600-1.600L8 14.500",
  smile:
    "M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17ZM8.500 14.200c1 1.400 2.100 2 3.500 2s2.500-.600 3.500-2M9 9.500v.01M15 9.500v.01",
  leave: "M14 4h4.5v16H14M10 8l-4 4 4 4M6.5 12H15",
  end: "M8.300 3h7.400L21 8.300v7.400L15.700 21H8.300L3 15.700V8.300ZM9 9l6 6M15 9l-6 6",
  protected: "M5 11h14v9H5ZM8 11V7.500a4 4 0 0 1 8 0V11M12 14.5v2",
  shut: "M6 20V4h12v16M3.500 20h17M14.500 12v.01M9 8h.01",
  open: "M6 20V4h7M18 20V9M3.500 20h17M10.500 12v.01M15 6l3-3m0 0h-2.500m2.500 0v2.500",
  chat: "M4 5h16v11H11l-4.500 3.500V16H4ZM8 9h8M8 12h5",
  expel:
    "M10 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM3.500 19.500c.4-3.500 3-5.500 6.500-5.500 1.500 0 2.800.3 3.900 1M15.500 16l5 5M20.500 16l-5 5",
  door: "M6 20V4h9v16M15 6h3v14M3.500 20h17M12 12v.01",
  more: "M4.8 12h.9M11.6 12h.9M18.4 12h.9",
  fullScreen: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  devices: "M4 7h9M17 7h3M15 5v4M4 12h3M11 12h9M9 10v4M4 17h9M17 17h3M15 15v4",
  shortcuts: "M2.5 6.5h19v11h-19ZM6 10h.01M10 10h.01M14 10h.01M18 10h.01M7 14h10",
  close: "M5.5 5.5l13 13M18.5 5.5l-13 13",
  back: "M14.5 5.5 8 12l6.5 6.5",
  forward: "M9.5 5.5 16 12l-6.5 6.5",
  copy: "M8.5 8.5h11v11h-11ZM15.5 8.5v-4h-11v11h4",
  edit: "M4 20h4L19 9l-4-4L4 16ZM13 7l4 4",
  remove: "M4.5 6.5h15M9 6.5V4h6v2.5M6.5 6.5l1 13.5h9l1-13.5M10 10.5v6M14 10.5v6",
  warning: "M12 4 2.5 20h19ZM12 10v4.5M12 17.5h.01",
  sound: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5ZM15.5 9a4.5 4.5 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  pause: "M8 5v14M16 5v14",
  window: "M3.5 5h17v14h-17ZM3.5 9h17",
  tab: "M3.5 19V5h7l1.5 4h8.5v10Z",
  apart: "M3.5 5h17v14h-17ZM12 12h6v4.500h-6Z",
  layout: "M4 5h7v6H4ZM13 5h7v6h-7ZM4 13h7v6H4ZM13 13h7v6h-7Z",
  pin: "M9 4h6l-1 6 3 3.500H7L10 10ZM12 13.500V20",
  unpin: "M9.500 5 9 4h6l-1 6 1.200 1.400M10 10l-3 3.500h6.500M12 13.500V20M4 4l16 16",
  add: "M12 5v14M5 12h14",
  check: "M5 12.5 10 17.5 19.5 7",
};

export type IconName = keyof typeof paths;

/** turning are those that point the way one reads, so they turn around with it. */
const turning: ReadonlySet<IconName> = new Set(["back", "forward", "leave"]);

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={turning.has(name) ? "icon turning" : "icon"} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
