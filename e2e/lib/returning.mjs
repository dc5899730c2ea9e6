// How long people are away when a connection is lost, and what it does to others.

import assert from "node:assert/strict";
import { until } from "./server.mjs";

/** Put into a page before its own scripts: notes when a picture of the share came, and how often a share was picked. */
export function watchShare() {
  const inside = (globalThis.inside ??= {});
  Object.assign(inside, { pictures: [], picked: 0 });
  const { getDisplayMedia } = MediaDevices.prototype;
  MediaDevices.prototype.getDisplayMedia = function (wish) {
    inside.picked++;
    return getDisplayMedia.call(this, wish);
  };
  const watched = new WeakSet();
  setInterval(() => {
    for (const video of document.querySelectorAll("video")) {
      if (watched.has(video)) continue;
      watched.add(video);
      const note = () => {
        if (video.offsetWidth > 0) inside.pictures.push(Date.now());
        video.requestVideoFrameCallback(note);
      };
      video.requestVideoFrameCallback(note);
    }
  }, 20);
}

/** When the person was welcomed after `since`. */
export const welcomed = (person, since) =>
  until(`${person.browser} back in`, () =>
    person.evaluate((t) => inside.events.find(({ type, at }) => type === "welcome" && at > t)?.at, since));

/** When the person saw the share move after `since`. */
export const seen = (person, since) =>
  until(`the share in ${person.browser}`, () => person.evaluate((t) => inside.pictures.find((at) => at > t), since));

/** Whether somebody joined again after `since`. */
export const joinedAgain = (person, since) =>
  person.evaluate((t) => inside.events.some(({ type, at }) => type === "welcome" && at > t), since);

/** Nobody of these people joined again. */
export async function undisturbed(since, ...people) {
  for (const person of people) {
    assert.equal(await joinedAgain(person, since), false, `${person.browser} had to join again`);
  }
}

/** The stays of the only session on record, as its host sees them: whose, and how they ended. */
export async function staysOf(host) {
  const read = (path) => host.evaluate((p) => fetch(p).then((answer) => answer.json()), path);
  const sessions = (await read("/v1/meetingReports/usage")).items;
  assert.equal(sessions.length, 1, "more sessions than one");
  const { items } = await read(`/v1/meetingReports/attendees?sessionId=${sessions[0].sessionId}`);
  return items.map(({ displayName, leaveReason }) => [displayName, leaveReason]);
}

export const seconds = (ms) => (ms / 1000).toFixed(1);
