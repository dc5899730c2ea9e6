import { sharing } from "../../text/sharing";
import { Dialog } from "../dialog";
import { Video } from "../video";

export interface ResumeProps {
  /** what would go out */
  readonly stream: MediaStream | null;
  /** it is the whole screen, with this page in it */
  readonly whole: boolean;
  readonly onYes: () => void;
  readonly onClose: () => void;
}

/** Resume shows what the others would see from now on, and asks once. */
export function Resume({ stream, whole, onYes, onClose }: ResumeProps) {
  return (
    <Dialog title={sharing.resumeTitle} onClose={onClose}>
      <p>{whole ? sharing.resumeScreen : sharing.resumeHelp}</p>
      <div class="resume-preview">
        <Video stream={stream} shown label={sharing.resumeHelp} />
      </div>
      <div class="actions">
        <button type="button" class="button primary" onClick={onYes}>
          {sharing.resume}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {sharing.stayPaused}
        </button>
      </div>
    </Dialog>
  );
}
