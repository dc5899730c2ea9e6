/** Apart is a window above all others that shows one picture: picture in picture. */
export interface Apart {
  /** how high the picture is there, in CSS pixels */
  height(): number;
  /** show takes the picture; null covers what was there */
  show(stream: MediaStream | null): void;
  close(): void;
}

export interface ApartEvents {
  resized(): void;
  /** the person closed it */
  closed(): void;
}

/** What browsers have and TypeScript does not know. */
interface WindowMaker {
  requestWindow(size: { width: number; height: number }): Promise<Window>;
}

const size = { width: 640, height: 360 };

export function canOpenApart(): boolean {
  return maker() !== null || canFloat();
}

/**
 * openApart opens the window. Call it straight from a click. A window with a page
 * in it is better, for that covers what nobody may see; Safari has only a video
 * that floats.
 */
export function openApart(title: string, stream: MediaStream, events: ApartEvents): Promise<Apart> {
  const make = maker();
  return make ? inWindow(make, title, stream, events) : floating(stream, events);
}

async function inWindow(
  make: WindowMaker,
  title: string,
  stream: MediaStream,
  events: ApartEvents,
): Promise<Apart> {
  const opened = await make.requestWindow(size);
  const { document: page } = opened;
  const video = videoIn(page, stream);
  page.documentElement.lang = document.documentElement.lang;
  page.title = title;
  video.ariaLabel = title;
  Object.assign(page.body.style, { margin: "0", background: "#000" });
  Object.assign(video.style, { width: "100vw", height: "100vh", display: "block" });
  page.body.append(video);
  opened.addEventListener("resize", () => events.resized());
  opened.addEventListener("pagehide", () => events.closed());
  return {
    height: () => opened.innerHeight,
    show: (next) => {
      video.style.visibility = next ? "visible" : "hidden";
      if (next && video.srcObject !== next) video.srcObject = next;
    },
    close: () => opened.close(),
  };
}

async function floating(stream: MediaStream, events: ApartEvents): Promise<Apart> {
  const video = videoIn(document, stream);
  await video.play();
  const floater = await video.requestPictureInPicture();
  floater.addEventListener("resize", () => events.resized());
  video.addEventListener("leavepictureinpicture", () => events.closed());
  return {
    height: () => floater.height,
    show: (next) => {
      video.srcObject = next;
    },
    close: () => {
      video.srcObject = null;
      if (document.pictureInPictureElement === video) {
        document.exitPictureInPicture().catch(() => {});
      }
    },
  };
}

function videoIn(page: Document, stream: MediaStream): HTMLVideoElement {
  const video = page.createElement("video");
  video.autoplay = true;
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  return video;
}

function maker(): WindowMaker | null {
  const { documentPictureInPicture } = globalThis as { documentPictureInPicture?: WindowMaker };
  return documentPictureInPicture ?? null;
}

function canFloat(): boolean {
  return typeof document !== "undefined" && document.pictureInPictureEnabled === true;
}
