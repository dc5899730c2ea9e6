import type { Meeting } from "../lib/rest";
import { meetings } from "../text/meetings";
import { clock, day, meetingNumber } from "./format";

/** invitation is what a host sends: everything a guest needs, and nothing else. */
export function invitation(meeting: Meeting, zone: string): string {
  return meetings.invitation({
    host: meeting.hostDisplayName,
    title: meeting.title,
    when: `${day(meeting.start, zone)}, ${clock(meeting.start, zone)}`,
    zone,
    link: meeting.webLink,
    number: meetingNumber(meeting.meetingNumber),
    password: meeting.password,
  });
}
