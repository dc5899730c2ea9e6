import { describe, expect, it } from "vitest";
import type { Meeting } from "../lib/rest";
import { byNumberPath, placeAt } from "./address";
import { clock, clockOf, day, digitsOf, duration, initials, meetingNumber } from "./format";
import { invitation } from "./invitation";
import { agenda, nextHalfHour } from "./meetings";
import { readable } from "./password";
import { sentence } from "./problem";
import { stalled } from "./stall";
import { tint } from "./tint";

const meeting: Meeting = {
  id: "m",
  version: 1,
  agenda: "",
  timezone: "Europe/Berlin",
  recurrence: "",
  nextStart: "2026-11-24T09:30:00Z",
  excludePassword: false,
  publicMeeting: false,
  requireAttendeeLogin: false,
  requireEmail: false,
  lobby: false,
  serviceType: "MeetingCenter",
  alternativeHosts: [],
  invitees: [],
  access: "owner",
  meetingNumber: "23456789012",
  title: "Quarterly numbers",
  start: "2026-11-24T09:30:00Z",
  durationMinutes: 60,
  password: "tabo-kimu-neva-38",
  state: "scheduled",
  webLink: "https://meet.example/j/23456789012#AAEC",
  linkProofHash: "",
  hostDisplayName: "Ada Host",
};

describe("formats", () => {
  it("groups a meeting number 4-3-4, and reads it back", () => {
    expect(meetingNumber("23456789012")).toBe("2345 678 9012");
    expect(meetingNumber("123")).toBe("123");
    expect(digitsOf(" 2345-678 9012 ")).toBe("23456789012");
  });

  it.each([
    ["Ada Lovelace", "AL"],
    ["  grace   brewster hopper ", "GH"],
    ["Zoë", "Z"],
    ["김민준", "김"],
    ["👩🏽‍💻 dev", "👩🏽‍💻D"],
    ["", "?"],
  ])("makes initials of %j", (name, letters) => {
    expect(initials(name)).toBe(letters);
  });

  it.each([
    [0, "0:00"],
    [59.6, "1:00"],
    [125, "2:05"],
    [3723, "1:02:03"],
    [-4, "0:00"],
  ])("says %d seconds as %s", (seconds, words) => {
    expect(duration(seconds)).toBe(words);
  });

  it("names the zone of a time, and leaves alone what is none", () => {
    expect(clock("2026-11-24T09:30:00Z", "Europe/Berlin")).toBe("10:30 CET");
    expect(day("2026-11-24T23:30:00Z", "Asia/Tokyo")).toBe("Wednesday, 25 November 2026");
    expect(day("soon")).toBe("soon");
    expect(clockOf(Date.UTC(2026, 10, 24, 9, 5), "UTC")).toBe("09:05");
  });
});

describe("an invitation", () => {
  it("has the title, the time with its zone, the link, the number and the password", () => {
    expect(invitation(meeting, meeting.webLink, "Europe/Berlin")).toBe(
      [
        "Ada Host invites you to a meeting",
        "",
        "Quarterly numbers",
        "Tuesday, 24 November 2026, 10:30 CET (Europe/Berlin)",
        "",
        "Join: https://meet.example/j/23456789012#AAEC",
        "",
        "Or join by number: 2345 678 9012",
        "Meeting password: tabo-kimu-neva-38",
      ].join("\n"),
    );
  });

  it.each([
    ["https://meet.example/j/23456789012", "https://meet.example/join?number=23456789012"],
    ["https://meet.example/s/acme/j/1#x", "https://meet.example/s/acme/join?number=23456789012"],
  ])(
    "has no link where the device has none, only where to join by number (%s)",
    (webLink, where) => {
      const text = invitation({ ...meeting, webLink }, null, "Europe/Berlin");
      expect(text.split("\n").slice(5)).toEqual([
        `Join: ${where}`,
        "Meeting number: 2345 678 9012",
        "Meeting password: tabo-kimu-neva-38",
      ]);
      expect(text).not.toContain("#");
    },
  );
});

describe("a host's meetings", () => {
  const now = new Date(2026, 10, 24, 12, 0);
  const at = (id: string, date: Date, state: Meeting["state"] = "scheduled"): Meeting => ({
    ...{ ...meeting, id, state },
    start: date.toISOString(),
    nextStart: date.toISOString(),
  });

  it("are parted at the start of today, running ones first", () => {
    const { due, upcoming, past } = agenda(
      [
        at("later", new Date(2026, 10, 30)),
        at("this morning", new Date(2026, 10, 24, 8), "ended"),
        at("yesterday", new Date(2026, 10, 23)),
        at("long ago", new Date(2025, 1, 1)),
        at("running", new Date(2026, 10, 1), "inProgress"),
      ],
      now,
    );
    expect(upcoming.map((m) => m.id)).toEqual(["running", "this morning", "later"]);
    expect(past.map((m) => m.id)).toEqual(["yesterday", "long ago"]);
    expect(due).toBe("running");
  });

  it.each([
    [11, 50, "m"],
    [12, 14, "m"],
    [12, 16, ""],
    [10, 30, ""],
  ])("are due around their start (%d:%d)", (hour, minute, due) => {
    expect(agenda([at("m", new Date(2026, 10, 24, hour, minute))], now).due).toBe(due);
  });

  it("start at the next half hour", () => {
    const next = (minute: number) => nextHalfHour(new Date(2026, 10, 24, 12, minute)).getTime();
    expect(next(1)).toBe(new Date(2026, 10, 24, 12, 30).getTime());
    expect(next(30)).toBe(new Date(2026, 10, 24, 13, 0).getTime());
  });
});

describe("a random password", () => {
  it("can be read out", () => {
    expect(readable(Uint8Array.of(0, 0x11, 0x22, 0x33, 4, 5, 6, 7))).toBe("badi-fogu-haja-89");
  });

  it("uses every letter alike", () => {
    const seen = new Map<string, number>();
    for (let byte = 0; byte < 256; byte++) {
      const first = readable(Uint8Array.of(byte)).slice(0, 2);
      seen.set(first, (seen.get(first) ?? 0) + 1);
    }
    expect(new Set(seen.values())).toEqual(new Set([4]));
    expect(seen.size).toBe(64);
  });
});

describe("addresses", () => {
  it.each([
    ["/", "", { page: "home" }],
    ["/meetings", "", { page: "meetings" }],
    ["/j/23456789012", "", { page: "join", number: "23456789012", byLink: true }],
    ["/join", "?number=2345-678-9012", { page: "join", number: "23456789012", byLink: false }],
    ["/meetings/7", "", { page: "missing" }],
    ["/nowhere", "", { page: "missing" }],
  ])("%s%s", (path, query, place) => {
    expect(placeAt(path, query)).toEqual(place);
  });

  it("lead from a broken link to the form", () => {
    expect(placeAt(...split(byNumberPath("23456789012")))).toMatchObject({ number: "23456789012" });
  });

  function split(address: string): [string, string] {
    const url = new URL(address, "https://meet.example");
    return [url.pathname, url.search];
  }
});

describe("a problem", () => {
  const problem = { status: 400, code: "", detail: "", retryAfter: 0 };

  it("is a sentence of ours for a code we know, and the server's own for one we do not", () => {
    expect(sentence({ ...problem, code: "login_refused" })).toMatch(/do not match/);
    expect(sentence({ ...problem, code: "new_code", detail: "Do this." })).toBe("Do this.");
    expect(sentence({ ...problem, code: "wait" })).toMatch(/Something went wrong/);
    expect(sentence({ ...problem, code: "invalid", detail: "Too short." })).toBe("Too short.");
  });

  it("says how long to wait", () => {
    const many = { ...problem, code: "too_many_attempts" };
    expect(sentence({ ...many, retryAfter: 30 })).toMatch(/30 seconds/);
    expect(sentence({ ...many, retryAfter: 600 })).toMatch(/10 minutes/);
  });
});

describe("a slot", () => {
  it("stands still when packets come and no picture does", () => {
    const before = { packets: 10, frames: 5 };
    expect(stalled(before, { packets: 20, frames: 5 })).toBe(true);
    expect(stalled(before, { packets: 20, frames: 6 })).toBe(false);
    expect(stalled(before, { packets: 10, frames: 5 })).toBe(false);
    expect(stalled(undefined, { packets: 20, frames: 0 })).toBe(false);
  });
});

describe("somebody without a picture", () => {
  it("has a background of their own, always the same", () => {
    expect(tint("p-1")).toBe(tint("p-1"));
    expect(new Set(Array.from({ length: 60 }, (_, i) => tint(`p-${i}`))).size).toBe(6);
  });
});
