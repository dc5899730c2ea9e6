import type { Meeting } from "../lib/rest";
import { common } from "../text/common";
import { meetings } from "../text/meetings";
import { byNumberPath } from "./address";
import { clock, day, meetingNumber } from "./format";

/**
 * invitation is what a host sends: everything a guest needs, and nothing else.
 * A device that does not have the link invites by number and password.
 */
export function invitation(meeting: Meeting, link: string | null, zone: string): string {
  const number = meetingNumber(meeting.meetingNumber);
  const head = {
    host: meeting.hostDisplayName,
    title: meeting.title,
    when: common.when(day(meeting.nextStart, zone), clock(meeting.nextStart, zone)),
    zone,
  };
  const { password } = meeting;
  return link === null
    ? meetings.invitationByNumber({ ...head, address: byNumberAddress(meeting), number, password })
    : meetings.invitation({ ...head, link, number, password });
}

/** The link's own address without the link: sites may live under a path. */
function byNumberAddress({ webLink, meetingNumber }: Meeting): string {
  const at = webLink.lastIndexOf("/j/");
  return (at < 0 ? "" : webLink.slice(0, at)) + byNumberPath(meetingNumber);
}
