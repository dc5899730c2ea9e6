import { meter } from "../lib/level";
import { canChooseSpeaker } from "../lib/platform";
import type { CheckProps } from "../view/door/check";
import type { Sources } from "./sources";

/** checkOf is the device check of these sources, at the door and while waiting. */
export function checkOf(sources: Sources, name: string): CheckProps {
  return {
    name,
    microphone: sources.microphone.value,
    camera: sources.camera.value,
    cameraStream: sources.cameraStream.value,
    devices: sources.devices.value,
    chosen: sources.chosen.value,
    canChooseSpeaker: canChooseSpeaker(),
    listen: meter,
    toggle: (kind) => {
      if (sources[kind].value.state === "off") void sources.start(kind);
      else sources.stop(kind);
    },
    choose: (kind, id) => void sources.choose(kind, id),
  };
}
