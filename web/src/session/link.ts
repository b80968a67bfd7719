/**
 * The secret of a one-time link: `#token=…`. The part behind # reaches no server and no log of one.
 */
export function tokenOfAddress(): string | null {
  const token = new URLSearchParams(window.location.hash.slice(1)).get("token");
  // Neither the history nor somebody looking over the shoulder keeps it.
  if (token) window.history.replaceState(window.history.state, "", window.location.pathname);
  return token;
}
