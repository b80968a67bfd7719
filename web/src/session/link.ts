import { useEffect, useState } from "react";

/**
 * The secret of a one-time link: `#token=…`. The part behind # reaches no server and no log of one.
 */
function tokenOfAddress(): string | null {
  const token = new URLSearchParams(window.location.hash.slice(1)).get("token");
  // Neither the history nor somebody looking over the shoulder keeps it.
  if (token) window.history.replaceState(window.history.state, "", window.location.pathname);
  return token;
}

/** That secret on the page it leads to, and the way to be without it. */
export function useOneTimeLink(): [token: string | null, forget: () => void] {
  const [token, setToken] = useState(tokenOfAddress);
  // A link that is opened where this page stands already changes nothing but what is behind #.
  useEffect(() => {
    const look = () => setToken((now) => tokenOfAddress() ?? now);
    window.addEventListener("hashchange", look);
    return () => window.removeEventListener("hashchange", look);
  }, []);
  return [token, () => setToken(null)];
}
