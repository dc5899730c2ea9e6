/** wantedOf makes the query of what was typed: days are the person's own, the last one included. */
export function wantedOf(values: Readonly<Record<string, string>>): Record<string, string> {
  const { from = "", to = "", ...rest } = values;
  const typed = Object.entries(rest).map(([name, value]) => [name, value.trim()]);
  return { ...Object.fromEntries(typed), from: midnight(from, 0), to: midnight(to, 1) };
}

/** midnight is when a day like 2027-05-04 begins here, or that many days later. */
function midnight(date: string, later: number): string {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  const time = new Date(year, month - 1, day + later);
  return date === "" || Number.isNaN(time.getTime()) ? "" : time.toISOString();
}
