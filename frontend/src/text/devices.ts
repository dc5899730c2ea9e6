import { catalogue } from "./language";

/** What went wrong with a device, and what to do about it. */
export const devices = catalogue("devices", {
  microphone: {
    denied:
      "The browser does not let this page use the microphone. You can do without: you will hear the others.",
    system:
      "The operating system does not let the browser use the microphone. Allow it in the system's settings, under privacy, then try again.",
    missing: "No microphone was found. Plug one in, or join without: you will hear the others.",
    busy: "Another program uses the microphone. Close that program, then try again.",
    lost: "The microphone is gone: it was unplugged, or the browser took it away. The others do not hear you. Plug one in, then unmute.",
    stopped: "The browser stopped the microphone. The others do not hear you until you unmute.",
    unready: "This browser did not get ready to send sound. Nothing was sent. Load the page again.",
    unguarded:
      "Your microphone was turned off: the browser may have sent some of it without end-to-end encryption. Load the page again.",
    unsealed:
      "Your microphone was turned off: it could not be encrypted, so nothing was sent. Load the page again.",
    failed:
      "The microphone could not be opened. Nothing was sent. Try again, or choose another one.",
  },
  camera: {
    denied:
      "The browser does not let this page use the camera. You can do without: you will see the others.",
    system:
      "The operating system does not let the browser use the camera. Allow it in the system's settings, under privacy, then try again.",
    missing: "No camera was found. Plug one in, or join without.",
    busy: "Another program uses the camera. Close that program, then try again.",
    lost: "The camera is gone: it was unplugged, or the browser took it away. The others do not see you. Plug one in, then start it.",
    stopped: "The browser stopped the camera. The others do not see you until you start it.",
    unready: "This browser did not get ready to send video. Nothing was sent. Load the page again.",
    unguarded:
      "Your camera was turned off: the browser may have sent some of it without end-to-end encryption. Load the page again.",
    unsealed:
      "Your camera was turned off: it could not be encrypted, so nothing was sent. Load the page again.",
    failed: "The camera could not be opened. Nothing was sent. Try again, or choose another one.",
  },
  screen: {
    denied: "Nothing is shared. The choice was cancelled, or the browser does not allow it.",
    system:
      "The operating system does not let the browser record the screen. Allow it in the system's settings, under privacy, then try again.",
    missing: "There is nothing to share on this device.",
    busy: "The screen could not be read. Nothing is shared. Try again.",
    lost: "What you shared was closed. Nothing is shared any more.",
    stopped: "The browser stopped the share. Nothing is shared any more.",
    unready: "This browser did not get ready to share. Nothing was sent. Load the page again.",
    unguarded:
      "Your share was stopped: the browser may have sent some of it without end-to-end encryption. Load the page again.",
    unsealed:
      "Your share was stopped: it could not be encrypted, so nothing was sent. Load the page again.",
    failed: "The share could not be started. Nothing was sent. Try again.",
  },

  /** where each browser hides the permission of a page */
  allow: {
    chromium:
      "To allow it: choose the sign left of the address, switch it on there, then try again.",
    firefox:
      "To allow it: choose the crossed-out sign left of the address, remove “Blocked”, then try again.",
    safari:
      "To allow it: open the Safari menu, or on an iPhone the sign beside the address, choose the settings for this website, set it to “Allow”, then load the page again.",
    other: "To allow it: look for the sign of a lock beside the address, then try again.",
  },

  unblurred:
    "This camera cannot blur the background, so it was not started. Choose another one under Devices, or turn the blur off there.",
  clear: "Remove noise and echo",
  clearHelp: "Turn it off for music: the others then hear everything as it is.",
  blur: "Blur my background",
  askSpeaker: "Choose a speaker…",
});
