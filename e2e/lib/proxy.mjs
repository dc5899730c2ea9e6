// A server between a browser and ours that changes a file on the way: a cache or
// a proxy that somebody took over.

import http from "node:http";
import { buffer } from "node:stream/consumers";

/** Starts the proxy. `change(path, body)` returns what the browser gets instead. */
export async function startProxy(target, change = (_, body) => body) {
  const proxy = http.createServer((request, response) => {
    const headers = { ...request.headers, "accept-encoding": "identity" };
    const onward = http.request(new URL(request.url, target), { method: request.method, headers }, async (answer) => {
      const changed = Buffer.from(change(request.url, await buffer(answer)));
      response.writeHead(answer.statusCode, { ...answer.headers, "content-length": changed.length });
      response.end(changed);
    });
    request.pipe(onward);
  });
  await new Promise((listening) => proxy.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    stop() {
      proxy.closeAllConnections();
      return new Promise((closed) => proxy.close(closed));
    },
  };
}
