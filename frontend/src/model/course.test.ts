import { describe, expect, it } from "vitest";
import { courseOf, rowsOf, spanOf, sum } from "./course";
import { amount, date, shortDate } from "./format";
import { wantedOf } from "./span";

const now = new Date(2027, 4, 4, 15, 30);

describe("the time that is shown", () => {
  it.each([
    ["90 days, today included", {}, new Date(2027, 1, 4), 90],
    ["up to today", { from: "2027-05-01" }, new Date(2027, 4, 1), 4],
    ["no day to come", { from: "2027-05-01", to: "2027-12-31" }, new Date(2027, 4, 1), 4],
    ["one day", { from: "2027-05-01", to: "2027-05-01" }, new Date(2027, 4, 1), 1],
    ["90 days before the last", { to: "2027-01-31" }, new Date(2026, 10, 3), 90],
    ["the newest year of many", { from: "2020-01-01" }, new Date(2026, 4, 4), 366],
  ])("is %s", (_, typed, first, count) => {
    const span = spanOf(wantedOf(typed), now);
    expect(span?.from).toEqual(first);
    expect(span && courseOf([], span).dates).toHaveLength(count);
  });

  it.each([{ from: "2027-05-05" }, { from: "2027-05-02", to: "2027-05-01" }])(
    "is none for %j",
    (typed) => {
      expect(spanOf(wantedOf(typed), now)).toBeNull();
    },
  );
});

describe("a course", () => {
  const day = { totalParticipants: 3 };
  const span = { from: new Date(2027, 1, 27), to: new Date(2027, 2, 3) };
  const course = courseOf(
    [
      { ...day, date: "2027-02-28", meetings: 2, totalPeopleMinutes: 120 },
      { ...day, date: "2027-03-02", meetings: 1, totalPeopleMinutes: 0 },
      { ...day, date: "2027-03-03", meetings: 9, totalPeopleMinutes: 9 },
    ],
    span,
  );

  it("has zeros where nothing was held, and no day outside of its time", () => {
    expect(course).toEqual({
      dates: ["2027-02-27", "2027-02-28", "2027-03-01", "2027-03-02"],
      meetings: [0, 2, 0, 1],
      peopleMinutes: [0, 120, 0, 0],
    });
    expect(sum(course.meetings)).toBe(3);
  });

  it("has every day once, also when the clocks change", () => {
    const year = { from: new Date(2027, 0, 1), to: new Date(2028, 0, 1) };
    expect(new Set(courseOf([], year).dates).size).toBe(365);
  });

  it("has a row for each day on which something was held, the newest first", () => {
    expect(rowsOf(course)).toEqual([
      { name: "2 Mar 2027", meetings: 1, peopleMinutes: 0 },
      { name: "28 Feb 2027", meetings: 2, peopleMinutes: 120 },
    ]);
  });

  it("names its days and amounts shortly", () => {
    expect(shortDate("2027-02-28")).toBe("28 Feb");
    expect(date("2027-02-28")).toBe("28 Feb 2027");
    expect([0, 950, 1500, 20_000].map(amount)).toEqual(["0", "950", "1.5k", "20k"]);
  });
});
