import { useEffect, useState } from "react";
import { call } from "@/api/client";
import type { PasswordCheck, PasswordPolicy } from "@/api/types-access";
import { useDebounced } from "@/shell/debounced";

/** What of the policy can be seen at once, without asking. */
export function policyMet(password: string, policy: PasswordPolicy) {
  // As the server counts: code points.
  const { length } = Array.from(password);
  return {
    length: length >= policy.min_length && length <= policy.max_length,
    composition: /\p{L}/u.test(password) && /\p{N}/u.test(password) && /[^\p{L}\p{N}]/u.test(password),
  };
}

/** The server's word on a password while it is typed: undefined until it came, null when it could not be asked. */
export function usePasswordCheck(password: string, token?: string): PasswordCheck | null | undefined {
  const asked = useDebounced(password, 350);
  const [known, setKnown] = useState<{ of: string; answer: PasswordCheck | null } | null>(null);
  useEffect(() => {
    if (asked === "") return;
    const stop = new AbortController();
    call("POST /auth/password/check", { body: { password: asked, token } }, { signal: stop.signal }).then(
      (answer) => setKnown({ of: asked, answer }),
      // Without its word the act itself will tell.
      () => stop.signal.aborted || setKnown({ of: asked, answer: null }),
    );
    return () => stop.abort();
  }, [asked, token]);
  return known?.of === password ? known.answer : undefined;
}
