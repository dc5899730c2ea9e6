/**
 * onHidden tells when the page has been out of sight for some time, and at once
 * when it is back. It returns how to stop listening.
 */
export function onHidden(patience: number, hidden: (hidden: boolean) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible") hidden(false);
    else timer = setTimeout(() => hidden(true), patience);
  };
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
  };
}
