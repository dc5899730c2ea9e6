/** What went wrong with a device, and what to do about it. */
export const devices = {
  microphone: {
    denied:
      "The browser does not let this page use the microphone. Allow it at the lock or camera sign beside the address, then try again. You can join without it.",
    missing: "No microphone was found. Plug one in, or join without: you will hear the others.",
    busy: "Another program uses the microphone. Close that program, then try again.",
    lost: "The microphone was unplugged. The others do not hear you.",
    unready: "This browser did not get ready to send sound. Nothing was sent. Load the page again.",
    failed:
      "The microphone could not be opened. Nothing was sent. Try again, or choose another one.",
  },
  camera: {
    denied:
      "The browser does not let this page use the camera. Allow it at the lock or camera sign beside the address, then try again. You can join without it.",
    missing: "No camera was found. Plug one in, or join without.",
    busy: "Another program uses the camera. Close that program, then try again.",
    lost: "The camera was unplugged. The others do not see you.",
    unready: "This browser did not get ready to send video. Nothing was sent. Load the page again.",
    failed: "The camera could not be opened. Nothing was sent. Try again, or choose another one.",
  },
  screen: {
    denied: "Nothing is shared. The choice was cancelled, or the browser does not allow it.",
    missing: "There is nothing to share on this device.",
    busy: "The screen could not be read. Nothing is shared. Try again.",
    lost: "What you shared was closed. Nothing is shared any more.",
    unready: "This browser did not get ready to share. Nothing was sent. Load the page again.",
    failed: "The share could not be started. Nothing was sent. Try again.",
  },
};
