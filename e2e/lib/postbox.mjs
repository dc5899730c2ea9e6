// A mail server that takes everything and keeps it, for one test.

import net from "node:net";

export async function openPostbox() {
  const mails = [];
  const server = net.createServer((socket) => serve(socket, mails)).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  return {
    mails,
    url: `smtp://127.0.0.1:${server.address().port}`,
    close: () => new Promise((done) => server.close(done)),
  };
}

function serve(socket, mails) {
  let read = "";
  let mail = null;
  let inData = false;
  const say = (line) => socket.write(`${line}\r\n`);
  const answers = {
    EHLO: () => say("250 postbox"),
    MAIL: () => {
      mail = { to: "", text: "" };
      say("250 ok");
    },
    RCPT: (line) => {
      mail.to = line.match(/<(.*?)>/)[1];
      say("250 ok");
    },
    DATA: () => {
      inData = true;
      say("354 go on");
    },
    QUIT: () => socket.end("221 bye\r\n"),
  };
  const command = (line) => (answers[line.slice(0, 4).toUpperCase()] ?? (() => say("250 ok")))(line);
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    read += chunk;
    for (;;) {
      const end = read.indexOf(inData ? "\r\n.\r\n" : "\r\n");
      if (end < 0) return;
      const taken = read.slice(0, end);
      read = read.slice(end + (inData ? 5 : 2));
      if (!inData) command(taken);
      else {
        mails.push({ ...mail, text: taken });
        inData = false;
        say("250 kept");
      }
    }
  });
  say("220 postbox");
}
