import { useLayoutEffect, useRef } from "preact/hooks";

export interface VideoProps {
  readonly stream: MediaStream | null;
  /** hidden while what it holds is not to be seen */
  readonly shown: boolean;
  /** one's own face is expected as in a mirror */
  readonly mirrored?: boolean;
  readonly label?: string;
  readonly style?: Readonly<Record<string, string | number>>;
  readonly onSize?: (size: { width: number; height: number }) => void;
  readonly onDblClick?: () => void;
}

/** Video draws a stream. The element stays while the stream does, so that nothing flickers. */
export function Video({ stream, shown, mirrored, label, style, onSize, onDblClick }: VideoProps) {
  const element = useRef<HTMLVideoElement>(null);
  useLayoutEffect(() => {
    const video = element.current;
    if (!video) return;
    video.srcObject = stream;
    // Autoplay does the rest where playing at once is refused.
    video.play().catch(() => {});
    return () => {
      video.srcObject = null;
    };
  }, [stream]);
  return (
    <video
      ref={element}
      class={["video", shown ? "" : "covered", mirrored ? "mirrored" : ""].join(" ")}
      style={style}
      autoplay
      playsInline
      muted
      disablePictureInPicture
      aria-label={label}
      aria-hidden={label && shown ? undefined : true}
      onResize={({ currentTarget }) =>
        onSize?.({ width: currentTarget.videoWidth, height: currentTarget.videoHeight })
      }
      onDblClick={onDblClick}
    />
  );
}
