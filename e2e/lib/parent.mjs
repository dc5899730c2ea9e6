// Somebody else's web site, with a page that has a meeting in a frame.

import http from "node:http";

/** What a page has to pass on to a frame for all of a meeting. */
export const everything = "camera; microphone; display-capture; autoplay; fullscreen; clipboard-write";

/**
 * Starts a site at a.localhost, which is no loopback address to a browser's rules
 * about other sites. Its pages frame an address, with the `allow` they
 * are asked for, shake hands when it has loaded, and keep what they are told.
 */
export async function startParent() {
  const server = http.createServer((request, response) => {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(`<!doctype html><title>A shop</title><h1>A shop</h1><script type="module">(${parent})()</script>`);
  });
  server.listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const origin = `http://a.localhost:${server.address().port}`;
  return {
    origin,
    /** the address of a page that frames `src` */
    page: (src, { allow = everything, options = {}, silent = false } = {}) =>
      `${origin}/?${new URLSearchParams({ src, allow, options: JSON.stringify(options), silent })}`,
    stop: () => new Promise((done) => server.close(done)),
  };
}

/** In the parent's page: the frame, and what is said. */
function parent() {
  const given = new URLSearchParams(location.search);
  const src = given.get("src");
  const { origin } = new URL(src);
  const frame = Object.assign(document.createElement("iframe"), { src, allow: given.get("allow"), width: 780, height: 600 });
  const talk = { told: [], replies: new Map(), hello: null, strangers: 0, next: 0 };
  const post = (message) => frame.contentWindow.postMessage(message, origin);
  const nonce = () => crypto.randomUUID().replaceAll("-", "");
  addEventListener("message", ({ origin: from, source, data }) => {
    if (from !== origin || source !== frame.contentWindow) talk.strangers++;
    else if (data.hello) talk.hello = data;
    else if (data.type) talk.told.push(data);
    else talk.replies.set(data.reply, data);
  });
  frame.addEventListener("load", () => {
    if (given.get("silent") === "true") return;
    talk.nonce = nonce();
    post({ v: 1, hello: talk.nonce, options: JSON.parse(given.get("options")) });
  });
  talk.post = post;
  talk.command = (command, args = {}) => {
    const id = ++talk.next;
    post({ v: 1, id, command, args });
    return new Promise((done) => {
      const look = setInterval(() => {
        if (!talk.replies.has(id)) return;
        clearInterval(look);
        done(talk.replies.get(id));
      }, 20);
    });
  };
  globalThis.talk = talk;
  document.body.append(frame);
}
