import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Bars } from "../lib/chart";
import { type Course as Days, rowsOf, sum } from "../model/course";
import { amount, date, shortDate } from "../model/format";
import { reports as words } from "../text/reports";

/** Draw draws into an element, until the function it returns is called. */
export type Draw = (host: HTMLElement, bars: Bars) => () => void;

export interface CourseProps {
  readonly course: Days;
  /** null until it was loaded */
  readonly draw: Draw | null;
}

/** Course is how much was held over time, as charts and as a table. */
export function Course({ course, draw }: CourseProps) {
  const first = date(course.dates[0] ?? "");
  const last = date(course.dates.at(-1) ?? "");
  const held = sum(course.meetings) > 0;
  return (
    <section class="course" aria-labelledby="course">
      <h2 id="course">{words.overTime}</h2>
      <p class="hint">{held ? words.period(first, last) : words.nothingHeld(first, last)}</p>
      {held ? (
        <>
          <div class="charts">
            <Chart
              name={words.peopleMinutes}
              dates={course.dates}
              values={course.peopleMinutes}
              draw={draw}
            />
            <Chart
              name={words.meetings}
              dates={course.dates}
              values={course.meetings}
              draw={draw}
            />
          </div>
          <AsTable course={course} />
        </>
      ) : null}
    </section>
  );
}

interface ChartProps {
  readonly name: string;
  readonly dates: readonly string[];
  readonly values: readonly number[];
  readonly draw: Draw | null;
}

function Chart({ name, dates, values, draw }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!host.current || !draw) return;
    return draw(host.current, { names: dates.map(shortDate), values, words: amount });
  }, [dates, values, draw]);
  const said = words.chartOf(name, String(sum(values)), String(Math.max(...values)));
  return (
    <figure>
      <figcaption>{name}</figcaption>
      <div class="plot" ref={host} role="img" aria-label={said} />
    </figure>
  );
}

function AsTable({ course }: { course: Days }) {
  const rows = useMemo(() => rowsOf(course), [course]);
  return (
    <details class="more">
      <summary>{words.asTable}</summary>
      <table class="table">
        <caption class="unseen">{words.daysCaption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.day}</th>
            <th scope="col" class="number">
              {words.peopleMinutes}
            </th>
            <th scope="col" class="number">
              {words.meetings}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              <td class="number" data-head={words.peopleMinutes}>
                {String(row.peopleMinutes)}
              </td>
              <td class="number" data-head={words.meetings}>
                {String(row.meetings)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
