import { describe, expect, it } from "vitest";
import { noWishes, plainText, read } from "./message";

const hello = { v: 1, hello: "0123456789abcdef0123456789abcdef" };
const command = { v: 1, id: 1, command: "toggleAudio", args: {} };

/** What comes from another window is a copy, of which a browser has made plain objects. */
const copied = (data: unknown) => read(structuredClone(data));

describe("a message", () => {
  it("is a hello with wishes, or a command with what belongs to it", () => {
    const options = {
      displayName: " Ada ",
      lang: "de",
      jwt: "a.b.c",
      theme: { accent: "#AA0011" },
    };
    expect(copied({ ...hello, options })).toEqual({
      is: "hello",
      nonce: hello.hello,
      wishes: { displayName: "Ada", lang: "de", jwt: "a.b.c", accent: "#aa0011" },
    });
    expect(copied(hello)).toMatchObject({ is: "hello", wishes: noWishes });
    expect(copied(command)).toEqual({ is: "command", id: 1, name: "toggleAudio", args: new Map() });
    expect(copied({ v: 1, id: 0, command: "hangup" })).toMatchObject({ id: 0, args: new Map() });
  });

  it.each<[string, unknown]>([
    ["another version", { ...command, v: 2 }],
    ["no version", { ...command, v: undefined }],
    ["a version as text", { ...command, v: "1" }],
    ["text", JSON.stringify(command)],
    ["nothing", null],
    ["a number", 1],
    ["a list", [command]],
    ["a list in it", { ...command, args: { participantId: ["p1"] } }],
    ["a map", new Map(Object.entries(command))],
    ["a date in it", { ...command, args: { participantId: new Date() } }],
    ["bytes", new Uint8Array(8)],
    ["no number", { ...command, id: undefined }],
    ["a number as text", { ...command, id: "1" }],
    ["half a number", { ...command, id: 1.5 }],
    ["a negative number", { ...command, id: -1 }],
    ["a number beyond numbers", { ...command, id: Number.MAX_SAFE_INTEGER + 1 }],
    ["no name", { ...command, command: undefined }],
    ["a name that is an object", { ...command, command: { toString: "hangup" } }],
    ["arguments as text", { ...command, args: "x" }],
    ["no arguments but null", { ...command, args: null }],
    ["a short nonce", { ...hello, hello: "0123" }],
    ["a nonce in capitals", { ...hello, hello: hello.hello.toUpperCase() }],
    ["a nonce that is an object", { ...hello, hello: {} }],
    ["a huge text", { ...command, args: { password: "x".repeat(5_000_000) } }],
    ["a huge name", { ...command, args: { ["x".repeat(5_000)]: 1 } }],
    ["many names", { ...command, args: Object.fromEntries([...Array(2_000).keys()].entries()) }],
    ["a deep one", { ...command, args: { a: { b: { c: { d: { e: 1 } } } } } }],
  ])("is none: %s", (_, data) => {
    expect(copied(data)).toBeNull();
  });

  it("that goes in circles is none", () => {
    const circle: Record<string, unknown> = { ...command };
    circle["args"] = circle;
    expect(copied(circle)).toBeNull();
  });

  it("runs nothing: getters and other prototypes are no message", () => {
    let ran = 0;
    const get = () => ++ran;
    const own = Object.defineProperty({ ...command }, "id", { get, enumerable: true });
    const inherited = Object.create(command) as unknown;
    class Message {
      v = 1;
      id = 1;
      command = "hangup";
    }
    for (const data of [own, inherited, new Message(), Object.create(null)]) {
      expect(read(data)).toBeNull();
    }
    expect(ran).toBe(0);
  });

  it("changes nothing for all objects, and believes nothing that all objects say", () => {
    const poison = JSON.parse(
      '{"v":1,"id":1,"command":"hangup","args":{"__proto__":{"enabled":true},"constructor":{"x":1}},"__proto__":{"v":1}}',
    ) as unknown;
    const got = copied(poison);
    expect(got?.is === "command" && got.args.get("enabled")).toBe(undefined);
    expect(({} as Record<string, unknown>)["enabled"]).toBe(undefined);
    const everywhere = Object.prototype as unknown as Record<string, unknown>;
    everywhere["v"] = 1;
    everywhere["hello"] = hello.hello;
    const inherited = copied({ id: 1 });
    delete everywhere["v"];
    delete everywhere["hello"];
    expect(inherited).toBeNull();
  });

  it.each([
    ["a colour in words", { theme: { accent: "red" } }],
    ["a style", { theme: { accent: "#fff;x" } }],
    ["a theme as text", { theme: "#aa0011" }],
    ["a name that is too long", { displayName: "x".repeat(101) }],
    ["a name that is an object", { displayName: {} }],
    ["a language that is a list of them, as text, too long", { lang: "de,".repeat(20) }],
  ])("leaves out of the wishes %s", (_, options) => {
    expect(copied({ ...hello, options })).toMatchObject({ is: "hello", wishes: noWishes });
  });
});

describe("a text for the other page", () => {
  it.each([
    ["<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
    ["a\u0000b\u001b[31mc\u007f", "ab[31mc"],
    ["\u202egnp.exe\u2066", "gnp.exe"],
    ["  spaces  ", "spaces"],
    ["x".repeat(1000), "x".repeat(100)],
    ["😀".repeat(200), "😀".repeat(100)],
  ])("%j", (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });
});
