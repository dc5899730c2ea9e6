/** onNetworkChange calls back when the device comes online or moves to another network. */
export function onNetworkChange(changed: () => void): () => void {
  const { connection } = navigator as { connection?: EventTarget };
  addEventListener("online", changed);
  connection?.addEventListener("change", changed);
  return () => {
    removeEventListener("online", changed);
    connection?.removeEventListener("change", changed);
  };
}
