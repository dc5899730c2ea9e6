import { describe, expect, it } from "vitest";
import { addressesIn, formOf, momentOf, repeatOf, repeats, wallClock, zones } from "./schedule";

describe("a start", () => {
  it.each([
    ["2027-03-22T09:00", "Europe/Berlin", "2027-03-22T08:00:00.000Z"],
    ["2027-03-29T09:00", "Europe/Berlin", "2027-03-29T07:00:00.000Z"],
    ["2027-03-28T03:00", "Europe/Berlin", "2027-03-28T01:00:00.000Z"],
    ["2027-11-07T09:00", "America/New_York", "2027-11-07T14:00:00.000Z"],
    ["2027-01-01T00:00", "Pacific/Kiritimati", "2026-12-31T10:00:00.000Z"],
    ["2027-01-01T00:00", "UTC", "2027-01-01T00:00:00.000Z"],
  ])("of %s in %s is a moment, and back", (clock, zone, moment) => {
    expect(momentOf(clock, zone)?.toISOString()).toBe(moment);
    expect(wallClock(new Date(moment), zone)).toBe(clock);
  });

  it.each(["", "tomorrow", "2027-13-01T00:00", "2027-01-01"])("of %j is none", (clock) => {
    expect(momentOf(clock, "UTC")).toBe(null);
  });

  it("has a zone to choose, one's own among them", () => {
    expect(zones("Europe/Berlin")).toContain("Europe/Berlin");
    expect(zones("Etc/GMT+3").filter((z) => z === "Etc/GMT+3")).toHaveLength(1);
  });
});

describe("a rule", () => {
  it("is read for the form, and said", () => {
    expect(repeatOf("FREQ=WEEKLY;INTERVAL=2;COUNT=5")).toMatchObject({
      ...{ rhythm: "FREQ=WEEKLY;INTERVAL=2", times: "5" },
    });
    expect(repeats("FREQ=WEEKLY;INTERVAL=2;COUNT=5")).toBe("Every two weeks, 5 times");
    expect(repeats("")).toBe("");
  });

  it("stays as it is when the form cannot write it", () => {
    const rule = "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271231T000000Z";
    expect(repeatOf(rule).rhythm).toBe(rule);
    expect(formOf({ start: "2027-01-01T00:00", rhythm: rule, times: "3" }, null)?.recurrence).toBe(
      rule,
    );
  });
});

describe("a form", () => {
  it("says all there is to say", () => {
    const form = formOf(
      {
        ...{ title: " Weekly ", start: "2027-03-22T09:00", password: "open sesame", minutes: "45" },
        ...{
          timezone: "Europe/Berlin",
          rhythm: "FREQ=WEEKLY",
          times: "4",
          service: "MeetingCenter",
        },
        ...{ invitees: "a@example.com, b@example.com\nc@example.com", lobby: "yes" },
      },
      null,
    );
    expect(form).toMatchObject({
      ...{ title: "Weekly", start: "2027-03-22T08:00:00.000Z", durationMinutes: 45, lobby: true },
      ...{ recurrence: "FREQ=WEEKLY;COUNT=4", requireEmail: false, excludePassword: false },
      invitees: ["a@example.com", "b@example.com", "c@example.com"],
    });
    expect(addressesIn(" ;, ")).toEqual([]);
  });
});
