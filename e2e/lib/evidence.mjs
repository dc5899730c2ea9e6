// What is known of a stay from both ends: what the encoders in the browser gave,
// and what came of it at the server.

import { decodeVP8 } from "./probe.mjs";
import { openFrame, readFrame } from "./sframe.mjs";
import { matches, vp8Frames, vp8Payload, windows } from "./wiretap.mjs";

const sources = ["microphone", "camera", "screen", "screen_audio"];

/** The packets of a source that were not empty, by encoding. */
export function packetsOf(dump, source) {
  return [...dump]
    .filter(([name]) => name.split(".")[1] === String(sources.indexOf(source)))
    .map(([, packets]) => packets.filter(({ payload }) => payload.length > 0));
}

const framesOf = (packets) => [
  ...vp8Frames(packets),
  ...packets.filter(({ codec }) => codec === "Opus").map(({ payload }) => ({ data: payload })),
];

/** What shows first of every frame, even of those that never became whole. */
function startsOf(packets) {
  return packets.flatMap(({ codec, payload }) => {
    if (codec !== "VP8") return [{ codec, data: payload }];
    const { start, rest } = vp8Payload(payload);
    return start ? [{ codec, data: rest }] : [];
  });
}

/**
 * Compares what the server got of a source with what its encoder gave:
 *
 * - `windows` is how many runs of 16 bytes the encoder's frames have, `matches`
 *   how many of them were in payloads. No run fits into what stays readable of a
 *   frame, which is 10 bytes at most.
 * - `packets`, `frames` and `starts` are what came; `plain` are the starts that no
 *   SFrame of that source follows.
 * - `opened` are the frames that open with a key of the group, `known` those of
 *   them which are, byte for byte, what the encoder gave, `openedMatches` their
 *   matches: the same search finds what is there.
 * - `repeated` is how many key ids came twice with one counter.
 */
export function compare(dump, tapped, source) {
  const given = tapped.frames.filter((frame) => frame.source === source).map(({ bytes }) => bytes);
  const seen = windows(given);
  const encodings = packetsOf(dump, source);
  const frames = encodings.flatMap((packets) => framesOf(packets).map(({ data }) => data));
  const starts = encodings.flatMap(startsOf);
  const codec = starts[0]?.codec;
  const opened = frames.map((data) => openFrame(codec, data, tapped.bases)).filter((plain) => plain);
  const read = starts.map(({ data }) => readFrame(codec, data));
  const ids = read.filter((r) => r).map(({ kid, counter }) => `${kid} ${counter}`);
  const all = new Set(given.map((bytes) => bytes.toString("latin1")));
  return {
    windows: seen.size,
    matches: matches(seen, encodings.flat().map(({ payload }) => payload)),
    packets: encodings.flat().length,
    frames: frames.length,
    starts: starts.length,
    plain: read.filter((r) => r?.context !== sources.indexOf(source)).length,
    opened: opened.length,
    known: opened.filter((plain) => all.has(plain.toString("latin1"))).length,
    openedMatches: matches(seen, opened),
    repeated: ids.length - new Set(ids).size,
  };
}

const mostDecoded = 60;

/**
 * Decodes, in a page, the first frames of the smallest camera picture that came:
 * as they came, opened with the keys of the group, and those of the encoder which
 * these are. `right` is how many pictures are what the encoder's frames show.
 */
export async function decode(dump, tapped, person) {
  const [packets] = packetsOf(dump, "camera");
  const came = vp8Frames(packets);
  const frames = came.slice(came.findIndex(({ key }) => key)).slice(0, mostDecoded);
  const given = new Set(tapped.frames.map(({ bytes }) => bytes.toString("latin1")));
  const opened = frames.map(({ key, data }) => ({ key, data: openFrame("VP8", data, tapped.bases) ?? data }));
  const encoded = opened.filter(({ data }) => given.has(data.toString("latin1")));
  const show = (list) =>
    person.evaluate(decodeVP8, list.map(({ key, data }) => ({ key, data: data.toString("base64") })));
  const truth = await show(encoded);
  const judge = async (list) => {
    const { pictures, problem } = await show(list);
    const right = Object.keys(pictures).filter((at) => alike(pictures[at], truth.pictures[at])).length;
    return { pictures: Object.keys(pictures).length, right, problem };
  };
  return {
    frames: frames.length,
    encoded: encoded.length,
    truth: Object.values(truth.pictures),
    asTheyCame: await judge(frames),
    opened: await judge(opened),
  };
}

/** Whether two grids of colours show the same, but for what rounding does. */
function alike(colours, others) {
  if (!others) return false;
  const apart = colours.reduce((sum, value, at) => sum + Math.abs(value - others[at]), 0);
  return apart / colours.length < 4;
}
