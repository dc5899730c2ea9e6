// From the click on Join to the first picture of somebody else, over twenty
// joins, beside the same from one peer connection straight to another in one
// page: no server, no ticket, no record; and beside the same in the last version
// without encryption. They take turns in one run.

import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { quantile } from "../lib/probe.mjs";
import { startServer, until } from "../lib/server.mjs";
import { host } from "../lib/steps.mjs";
import { plainBinary } from "./plain.mjs";

const joins = 20;

/** Put into a guest's page: notes the click and the first picture after it. */
function stopwatch() {
  globalThis.probe = {};
  addEventListener("click", (event) => {
    if (event.target.closest?.("button")?.innerText.trim() === "Join") probe.clicked = performance.now();
  }, true);
  const watched = new WeakSet();
  setInterval(() => {
    for (const video of document.querySelectorAll("video")) {
      if (watched.has(video)) continue;
      watched.add(video);
      video.requestVideoFrameCallback((now) => {
        probe.picture ??= now;
      });
    }
  }, 5);
}

/** Two peer connections in one page; returns the time to the first picture in ms. */
async function straight() {
  const [track] = (await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 720, frameRate: 30 } })).getTracks();
  const begin = performance.now();
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.onicecandidate = (e) => e.candidate && b.addIceCandidate(e.candidate);
  b.onicecandidate = (e) => e.candidate && a.addIceCandidate(e.candidate);
  const video = document.createElement("video");
  video.muted = true;
  const picture = new Promise((seen) => {
    b.ontrack = (e) => {
      video.srcObject = new MediaStream([e.track]);
      document.body.append(video);
      video.requestVideoFrameCallback(seen);
      video.play();
    };
  });
  a.addTrack(track);
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  const ms = (await picture) - begin;
  a.close();
  b.close();
  track.stop();
  video.remove();
  return ms;
}

/** A meeting on a server, with the host and their camera in it. */
async function open(binary) {
  const server = await startServer({ binary });
  const ada = await chromiumPerson(hostBrowser, server.url);
  const meeting = await host(ada, server, "Stopwatch");
  await ada.press("Start camera");
  return { server, link: meeting.link };
}

/** One guest joins; returns the time from the click to the first picture in ms. */
async function join({ server, link }, i) {
  const guest = await chromiumPerson(guestBrowser, server.url, { init: stopwatch });
  await guest.goto(link);
  await guest.fill("Your name", `Guest ${i + 1}`);
  await guest.page.waitForTimeout(300); // a person is not that quick
  await guest.press("Join");
  const ms = await until("the first picture", () => guest.evaluate(() => probe.picture && probe.picture - probe.clicked));
  await guest.press("Leave");
  await guest.sees("You left the meeting");
  await guest.close();
  return ms;
}

function report(what, list) {
  console.log(`${what}: median ${Math.round(quantile(list, 0.5))} ms, p95 ${Math.round(quantile(list, 0.95))} ms, of ${list.length}`);
}

const ratio = (one, other) => (quantile(one, 0.5) / quantile(other, 0.5)).toFixed(2);

const plain = await plainBinary();
const hostBrowser = await startChromium({ fps: 20 });
const guestBrowser = await startChromium({ fps: 20 });
const meetings = [];
try {
  meetings.push(await open());
  if (plain) meetings.push(await open(plain));
  const [encrypted, unencrypted] = meetings;
  const control = await chromiumPerson(guestBrowser, encrypted.server.url);
  await control.goto("/join");
  const times = { encrypted: [], plain: [], straight: [] };
  for (let i = 0; i < joins; i++) {
    times.straight.push(await control.evaluate(straight));
    times.encrypted.push(await join(encrypted, i));
    if (unencrypted) times.plain.push(await join(unencrypted, i));
  }
  report("click on Join to first picture", times.encrypted);
  report("two peer connections in one page", times.straight);
  console.log(`ratio join/first-picture/straight ${ratio(times.encrypted, times.straight)}`);
  if (unencrypted) {
    report("click on Join to first picture, in the last version without encryption", times.plain);
    console.log(`ratio join/first-picture/encrypted-to-plain ${ratio(times.encrypted, times.plain)}`);
  } else {
    console.log("not compared with the last version without encryption: it is not in this clone's history");
  }
} finally {
  await guestBrowser.close();
  await hostBrowser.close();
  for (const { server } of meetings) await server.stop();
}
