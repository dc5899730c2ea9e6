import { vi } from "vitest";

export const origin = "https://meet.example.org";

interface Sent {
  readonly message: Record<string, unknown>;
  readonly to: string;
}

/** FakeNode is what of an element the component uses. */
class FakeNode extends EventTarget {
  readonly children: FakeNode[] = [];
  appendChild(child: FakeNode): void {
    this.children.push(child);
  }
}

/** FakeFrame is an iframe, and keeps what is sent to the page in it. */
export class FakeFrame extends FakeNode {
  readonly sent: Sent[] = [];
  readonly style: Record<string, string> = {};
  readonly attributes: Record<string, string> = {};
  removed = false;
  /** what listens here, by the events' names */
  readonly heard: string[] = [];
  contentWindow: { postMessage(message: object, to: string): void } | null = {
    postMessage: (message, to) =>
      this.sent.push({ message: structuredClone(message) as Sent["message"], to }),
  };

  override addEventListener(...given: Parameters<EventTarget["addEventListener"]>): void {
    this.heard.push(given[0]);
    super.addEventListener(...given);
  }

  override removeEventListener(...given: Parameters<EventTarget["addEventListener"]>): void {
    this.heard.splice(this.heard.indexOf(given[0]), 1);
    super.removeEventListener(...given);
  }

  set allow(value: string) {
    this.attributes["allow"] = value;
  }

  set referrerPolicy(value: string) {
    this.attributes["referrerPolicy"] = value;
  }

  set title(value: string) {
    this.attributes["title"] = value;
  }

  set src(value: string) {
    this.attributes["src"] = value;
  }

  remove(): void {
    this.removed = true;
    this.contentWindow = null;
  }

  /** A page has loaded in it. */
  loads(): void {
    this.dispatchEvent(new Event("load"));
  }

  last(): Record<string, unknown> {
    return this.sent.at(-1)?.message ?? {};
  }
}

/** FakePage is the embedder's window. */
export class FakePage extends FakeFrame {
  /** A message comes: from whom, and out of which origin. */
  gets(data: unknown, source: unknown, from = origin): void {
    this.dispatchEvent(
      Object.assign(new Event("message"), { data: structuredClone(data), source, origin: from }),
    );
  }
}

/** inBrowser puts these in the place of a browser, and returns them. */
export function inBrowser(): { page: FakePage; frame: FakeFrame; place: Node } {
  const page = new FakePage();
  const frame = new FakeFrame();
  vi.stubGlobal("Node", FakeNode);
  vi.stubGlobal("window", page);
  vi.stubGlobal("location", { origin: "https://www.example.com" });
  vi.stubGlobal("document", { createElement: () => frame });
  return { page, frame, place: new FakeNode() as unknown as Node };
}
