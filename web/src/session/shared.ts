/*
 * Whether this computer is shared: whoever signs in is shown the way to those who are parked. It names nobody.
 */
const SHARED = "attest.shared";

export function isShared(): boolean {
  try {
    return localStorage.getItem(SHARED) !== null;
  } catch {
    return false;
  }
}

export function rememberSharing(shared: boolean): void {
  try {
    if (shared) localStorage.setItem(SHARED, "1");
    else localStorage.removeItem(SHARED);
  } catch {
    // The way is then not shown; the page is there all the same.
  }
}
