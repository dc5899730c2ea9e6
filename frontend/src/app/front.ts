import { signal } from "@preact/signals";
import { copyText } from "../lib/clipboard";
import { Task } from "./task";

/** Nothing stands in front of the page. */
export interface Nothing {
  readonly is: "none";
}

/** Front is the dialog that stands in front of a page: what it shows, and what is done in it. */
export class Front<Shown extends { readonly is: string }> {
  readonly shown = signal<Shown | Nothing>({ is: "none" });
  /** whether the text in it has been copied */
  readonly copied = signal(false);
  readonly task = new Task();

  open(shown: Shown | Nothing): void {
    this.task.problem.value = "";
    this.copied.value = false;
    this.shown.value = shown;
  }

  close(): void {
    this.open({ is: "none" });
  }

  async copy(text: string): Promise<void> {
    this.copied.value = await copyText(text);
  }

  /** props are what every dialog with a form wants to know. */
  get props() {
    return {
      busy: this.task.busy.value,
      problem: this.task.problem.value,
      onClose: () => this.close(),
    };
  }
}
