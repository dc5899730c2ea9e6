// From the click on Join to the first picture of somebody else, over twenty
// joins, beside the same from one peer connection straight to another in one
// page: no server, no ticket, no record. The two take turns in one run.

import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { quantile } from "../lib/probe.mjs";
import { startServer, until } from "../lib/server.mjs";
import { enter, schedule, setUp } from "../lib/steps.mjs";

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

const server = await startServer();
const hostBrowser = await startChromium();
const guestBrowser = await startChromium();
try {
  const ada = await chromiumPerson(hostBrowser, server.url);
  await setUp(ada, server);
  const meeting = await schedule(ada, "Stopwatch");
  await ada.press("Start");
  await enter(ada);
  await ada.press("Start camera");
  const control = await chromiumPerson(guestBrowser, server.url);
  await control.goto("/join");
  const times = { join: [], straight: [] };
  for (let i = 0; i < joins; i++) {
    times.straight.push(await control.evaluate(straight));
    const guest = await chromiumPerson(guestBrowser, server.url, { init: stopwatch });
    await guest.goto(meeting.link);
    await guest.fill("Your name", `Guest ${i + 1}`);
    await guest.page.waitForTimeout(300); // a person is not that quick
    await guest.press("Join");
    times.join.push(await until("the first picture", () => guest.evaluate(() => probe.picture && probe.picture - probe.clicked)));
    await guest.press("Leave");
    await guest.close();
  }
  for (const [what, list] of [["click on Join to first picture", times.join], ["two peer connections in one page", times.straight]]) {
    console.log(`${what}: median ${Math.round(quantile(list, 0.5))} ms, p95 ${Math.round(quantile(list, 0.95))} ms, of ${joins}`);
  }
  console.log(`ratio join/first-picture/straight ${(quantile(times.join, 0.5) / quantile(times.straight, 0.5)).toFixed(2)}`);
} finally {
  await guestBrowser.close();
  await hostBrowser.close();
  await server.stop();
}
