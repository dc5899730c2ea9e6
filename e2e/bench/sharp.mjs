// How sharp a page of code is for who looks at it, over a link of 1.5 Mbit/s: after
// a scroll, for somebody who comes late, and with packets lost; beside the same with
// a plain peer connection of the same tab, with nothing set. PSNR of the brightness,
// against the shared tab; 36 dB and more is sharp. With --flow it also prints what went
// on while packets were lost, four times a second.

import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { openCode } from "../lib/code.mjs";
import { flowSeen, printFlow, watchFlow } from "../lib/flow.mjs";
import { openLink } from "../lib/link.mjs";
import { countNegotiations, quantile } from "../lib/probe.mjs";
import { startServer, until } from "../lib/server.mjs";
import { keepReferences, pictureRate, sharpnessSeen, watchSharpness } from "../lib/sharpness.mjs";
import { enter, host } from "../lib/steps.mjs";

const thin = { rate: 1_500_000, queue: 300, delay: 20 };
const loss = 0.02;
const sharp = 36; // dB
const calm = [1, 2, 3]; // parts of the page, one scroll after another
const late = 4;
const lossy = [5, 6, 7];
const parts = 8;

const withFlow = process.argv.includes("--flow");

const wait = (ms) => new Promise((next) => setTimeout(next, ms));

/** The share as this server carries it. `prepare` is for each page that is to look, before it does. */
async function conclave({ server, sharer, guests, prepare }) {
  const uplink = await openLink(thin);
  const links = [uplink];
  const ada = await chromiumPerson(sharer, server.url, { init: countNegotiations });
  await uplink.addTo(ada.page);
  const meeting = await host(ada, server, "Sharpness");
  const view = async (name) => {
    const link = await openLink({ delay: thin.delay });
    links.push(link);
    const guest = await chromiumPerson(guests, server.url, { init: countNegotiations });
    await link.addTo(guest.page);
    await guest.goto(meeting.link);
    await guest.fill("Your name", name);
    await prepare(guest);
    await enter(guest);
    return guest;
  };
  const way = {
    name: "conclave",
    begun: 0,
    links,
    view,
    sender: ada,
    async share() {
      await ada.press("Share");
      way.begun = Date.now();
      await ada.choose("Browser tab");
    },
    async sendAs(choice) {
      await ada.press("Text or motion");
      await ada.page.getByRole("menuitemradio", { name: choice, exact: true }).click();
    },
  };
  return way;
}

/** The same tab over a peer connection of its own for each who looks, with nothing set. */
async function plain({ server, sharer, guests, prepare }) {
  const links = [];
  const way = {
    name: "plain",
    begun: 0,
    links,
    sender: null,
    async share() {}, // is begun for each who looks
    async view() {
      const link = await openLink(thin);
      links.push(link);
      const [sender, viewer] = [await chromiumPerson(sharer, server.url), await chromiumPerson(guests, server.url)];
      way.sender = sender;
      await link.addTo(sender.page);
      for (const person of [sender, viewer]) await person.goto("/join");
      await prepare(viewer);
      way.begun = Date.now();
      const offer = await sender.evaluate(plainOffer);
      await sender.evaluate(plainAccept, await viewer.evaluate(plainAnswer, offer));
      return viewer;
    },
  };
  return way;
}

/** In a page: offers what is shared. Of its own addresses the other learns by being called. */
async function plainOffer() {
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: true });
  const pc = new RTCPeerConnection();
  globalThis.probe = { peers: [pc] };
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
  await pc.setLocalDescription();
  return pc.localDescription.sdp;
}

/** In a page: answers, and shows what comes. */
async function plainAnswer(sdp) {
  const pc = new RTCPeerConnection();
  globalThis.probe = { peers: [pc] };
  pc.ontrack = ({ streams: [stream] }) => {
    const video = document.createElement("video");
    [video.srcObject, video.muted] = [stream, true];
    document.body.append(video);
    video.play();
  };
  await pc.setRemoteDescription({ type: "offer", sdp });
  await pc.setLocalDescription();
  while (pc.iceGatheringState !== "complete") await new Promise((next) => setTimeout(next, 20));
  return pc.localDescription.sdp;
}

const plainAccept = (sdp) => probe.peers[0].setRemoteDescription({ type: "answer", sdp });

/** In a page: what is encoded of the share now. */
async function encodedNow() {
  const stats = await probe.peers.at(-1).getStats();
  const reports = [...stats.values()];
  const sent = reports.filter((r) => r.type === "outbound-rtp" && r.kind === "video").sort((a, b) => b.framesEncoded - a.framesEncoded)[0];
  return `${stats.get(sent.codecId)?.mimeType ?? "nothing"} ${sent.frameWidth}×${sent.frameHeight}`;
}

const hasPicture = () => [...document.querySelectorAll("video")].some((v) => v.videoWidth > 0);

/** What one saw from a time on: the PSNR after one, two and three seconds, and when it was sharp for good. */
function judge(seen, from) {
  const at = (ms) => seen.findLast((s) => s.at <= from + ms)?.dB ?? 0;
  const blurred = seen.findLastIndex((s) => s.dB < sharp);
  const first = seen[blurred + 1];
  return { one: at(1000), two: at(2000), three: at(3000), took: first ? Math.max(0, first.at - from) : Infinity };
}

/** Scrolls, and returns what each viewer saw of where it came to. With `way`, prints the flow to the first. */
async function scroll(code, viewers, part, way) {
  if (way) {
    await way.sender.evaluate(watchFlow, "outbound-rtp");
    await viewers[0].evaluate(watchFlow, "inbound-rtp");
  }
  for (const viewer of viewers) await viewer.evaluate(watchSharpness, part);
  const stood = await code.show(part);
  await wait(Math.max(0, stood + 3200 - Date.now()));
  const seen = await Promise.all(viewers.map((viewer) => viewer.evaluate(sharpnessSeen)));
  if (way) printFlow(stood, await way.sender.evaluate(flowSeen), await viewers[0].evaluate(flowSeen), seen[0]);
  return seen.map((pictures) => judge(pictures, stood));
}

function report(way, what, list) {
  const all = (key) => list.map((figure) => figure[key]);
  const seconds = (ms) => (ms === Infinity ? "never" : `${(ms / 1000).toFixed(1)} s`);
  console.log(
    `${way.name}, ${what}: ${quantile(all("one"), 0.5).toFixed(1)} dB after 1 s, ${quantile(all("two"), 0.5).toFixed(1)} after 2 s ` +
      `(lowest ${Math.min(...all("two")).toFixed(1)}), ${quantile(all("three"), 0.5).toFixed(1)} after 3 s (lowest ${Math.min(...all("three")).toFixed(1)}), sharp after ${seconds(quantile(all("took"), 0.5))} (at most ${seconds(Math.max(...all("took")))}), of ${list.length}`,
  );
}

/** How many pictures a second a film has, by what it is said to be. */
async function film(way, code, viewer) {
  await code.film(true);
  for (const choice of way.sendAs ? ["Text", "Motion"] : [""]) {
    await way.sendAs?.(choice);
    await wait(6000); // until the browser has settled on it
    const { rate, width } = await viewer.evaluate(pictureRate, 5);
    console.log(`${way.name}, a film${choice && ` as ${choice.toLowerCase()}`}: ${rate.toFixed(1)} pictures a second, ${width} pixels wide`);
  }
  await code.film(false);
  await way.sendAs?.("Automatic");
}

async function measure(way, code, prepared) {
  /** Somebody who comes, and compares with a part of the page from the first picture on. */
  const open = (name, part) => {
    prepared.part = part;
    return way.view(name);
  };
  await code.show(0);
  const viewers = [await open("Grace", 0)];
  await way.share();
  await until("the share", () => viewers[0].evaluate(hasPicture));
  await wait(5000);
  report(way, "from the start of the share", [judge(await viewers[0].evaluate(sharpnessSeen), way.begun)]);
  console.log(`${way.name} sends ${await way.sender.evaluate(encodedNow)}`);

  const scrolls = [];
  for (const part of calm) scrolls.push(...(await scroll(code, viewers, part)));
  report(way, "after a scroll", scrolls);

  await scroll(code, viewers, late);
  const newcomer = await open("Carol", late);
  await until("the share", () => newcomer.evaluate(hasPicture));
  await wait(3400);
  const seen = await newcomer.evaluate(sharpnessSeen);
  report(way, "for who came late, from the first picture", [judge(seen, seen[0].at)]);
  viewers.push(newcomer);

  for (const link of way.links) link.set({ loss });
  const losses = [];
  for (const part of lossy) losses.push(...(await scroll(code, viewers, part, withFlow && way)));
  report(way, `after a scroll, with ${loss * 100} % of packets lost on every link`, losses);
  for (const link of way.links) link.set({ loss: 0 });
  await film(way, code, viewers[0]);
}

const server = await startServer();
const sharer = await startChromium({ fps: 20, tab: "CODE" });
const guests = await startChromium({ fps: 20 });
try {
  const code = await openCode(sharer);
  const pictures = await code.pictures(parts);
  for (const make of [conclave, plain]) {
    const prepared = { part: 0 };
    const prepare = async (viewer) => {
      await viewer.evaluate(keepReferences, pictures);
      await viewer.evaluate(watchSharpness, prepared.part);
    };
    const way = await make({ server, sharer, guests, prepare });
    await measure(way, code, prepared);
    for (const context of [...guests.contexts(), ...sharer.contexts().slice(1)]) await context.close();
    for (const link of way.links) await link.close();
  }
} finally {
  await guests.close();
  await sharer.close();
  await server.stop();
}
