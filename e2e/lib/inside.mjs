// What a test sees of a page from inside, and changes there: its socket, and the
// worker that its frames pass through. All of it is put in before the page's own
// scripts, which notice nothing.

/** Joins functions to one text for a page. A part is a function, or one with its argument. */
export function scripts(...parts) {
  return parts.map((part) => {
    const [fn, arg] = Array.isArray(part) ? part : [part];
    return `(${fn})(${JSON.stringify(arg) ?? ""});`;
  }).join("\n");
}

/**
 * Keeps every event and command of the page's sockets, and can change the events
 * on their way in, or hold them back: alter gets each and returns what is heard.
 */
export function tapSocket() {
  const inside = (globalThis.inside ??= {});
  Object.assign(inside, { socket: null, events: [], commands: [], alter: (event) => event, hear: null });
  globalThis.WebSocket = class extends WebSocket {
    constructor(...how) {
      super(...how);
      inside.socket = this;
    }

    set onmessage(heard) {
      const socket = this;
      const hear = (event) => {
        inside.events.push({ ...event, at: Date.now() });
        heard({ data: JSON.stringify(event) });
      };
      if (inside.socket === socket) inside.hear = hear;
      super.onmessage = ({ data }) => {
        const event = inside.alter(JSON.parse(data));
        if (event) hear(event);
      };
    }

    send(text) {
      inside.commands.push({ ...JSON.parse(text), at: Date.now() });
      super.send(text);
    }
  };
  inside.last = (type) => inside.events.findLast((event) => event.type === type)?.data;
  /** Who is in, as the server said: their ids and leaves, by id. */
  inside.roster = () => {
    const roster = new Map();
    for (const { type, data } of inside.events) {
      if (type === "welcome") roster.clear();
      const come = type === "welcome" ? data.participants : type === "participant_joined" ? [data.participant] : [];
      for (const { id, leaf } of come) roster.set(id, leaf);
      if (type === "participant_left") roster.delete(data.participant);
    }
    return roster;
  };
}

/** Gets at the worker that frames pass through, and at what it counts. */
export function tapFrames() {
  const inside = (globalThis.inside ??= {});
  const ids = new WeakMap();
  inside.frames = null;
  globalThis.RTCRtpScriptTransform = class extends RTCRtpScriptTransform {
    constructor(worker, options) {
      super(worker, options);
      inside.frames = worker;
      ids.set(this, options.id);
    }
  };
  /** The frame worker's name for a line. */
  inside.idOf = (end) => ids.get(end.transform);
  let query = 1_000_000_000;
  /** What became of the frames, by the ids of the lines. */
  inside.counts = () => {
    const worker = inside.frames;
    const asked = ++query;
    return new Promise((told) => {
      const hear = ({ data }) => {
        if (data.type !== "counted" || data.query !== asked) return;
        worker.removeEventListener("message", hear);
        told(data.counts);
      };
      worker.addEventListener("message", hear);
      worker.postMessage({ type: "count", query: asked });
    });
  };
}

/** Keeps every base key that the group's worker hands to the frames' worker. */
export function tapKeys() {
  const inside = (globalThis.inside ??= {});
  inside.keys = [];
  const Channel = MessageChannel;
  const pass = (from, to) => {
    from.onmessage = ({ data }) => {
      const { baseKey, ...rest } = data;
      if (baseKey) inside.keys.push({ ...rest, baseKey: [...baseKey], at: Date.now() });
      to.postMessage(data);
    };
  };
  globalThis.MessageChannel = class {
    constructor() {
      const [one, other] = [new Channel(), new Channel()];
      pass(one.port2, other.port2);
      pass(other.port2, one.port2);
      this.port1 = one.port1;
      this.port2 = other.port1;
    }
  };
}

/**
 * What a page received, line by line: what its frame worker opened and dropped,
 * and what the browser decoded of it. Video lines say whose they are. It needs
 * countNegotiations, tapSocket and tapFrames.
 */
export async function received() {
  const counts = new Map((await inside.counts()).received);
  const wishes = inside.commands.findLast((c) => c.type === "watch")?.data.slots ?? [];
  const lines = [];
  for (const { mid, receiver } of probe.peers.at(-1).getTransceivers()) {
    const count = counts.get(inside.idOf(receiver));
    if (!count) continue;
    const line = { mid, kind: receiver.track.kind, ...count, decoded: 0, codec: "" };
    const wish = wishes.find((w) => w.mid === mid);
    if (wish) line.of = `${wish.participant}/${wish.source}`;
    const stats = await receiver.getStats();
    for (const report of stats.values()) {
      if (report.type !== "inbound-rtp") continue;
      line.codec = stats.get(report.codecId)?.mimeType ?? "";
      line.decoded = line.kind === "video" ? report.framesDecoded : report.totalSamplesReceived;
      line.height = report.frameHeight;
    }
    lines.push(line);
  }
  return lines;
}
