import { askSpeaker, canAskSpeaker } from "../lib/devices";
import { meter } from "../lib/level";
import { browser, canChooseSpeaker } from "../lib/platform";
import type { CheckProps } from "../view/door/check";
import type { DeviceChoiceProps } from "../view/door/devices";
import type { Sources } from "./sources";

/** checkOf is the device check of these sources, at the door and while waiting. */
export function checkOf(sources: Sources, name: string): CheckProps {
  return {
    name,
    microphone: sources.microphone.value,
    camera: sources.camera.value,
    cameraStream: sources.cameraStream.value,
    browser: browser(),
    ...devicesOf(sources),
    listen: meter,
    toggle: (kind) => {
      if (sources[kind].value.state === "off") void sources.start(kind);
      else sources.stop(kind);
    },
    toggleBoth: () => {
      const kinds = ["microphone", "camera"] as const;
      const missing = kinds.filter((kind) => sources[kind].value.state === "off");
      for (const kind of missing) void sources.start(kind);
      if (missing.length === 0) for (const kind of kinds) sources.stop(kind);
    },
  };
}

/** devicesOf is the choice of devices, there and in the room. */
export function devicesOf(sources: Sources): DeviceChoiceProps {
  const ask = async () => {
    const id = await askSpeaker();
    if (id !== null) await sources.choose("speaker", id);
  };
  return {
    devices: sources.devices.value,
    chosen: sources.chosen.value,
    canChooseSpeaker: canChooseSpeaker(),
    plain: sources.plain.value,
    blurred: sources.canBlur.value || sources.blurred.value ? sources.blurred.value : null,
    choose: (kind, id) => void sources.choose(kind, id),
    askSpeaker: canAskSpeaker() ? () => void ask() : null,
    setPlain: (plain) => void sources.setPlain(plain),
    setBlurred: (blurred) => void sources.setBlurred(blurred),
  };
}
