import { createFileRoute } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { ForgottenPassword } from "@/features/access/forgotten-password";
import { OneTimePassword } from "@/features/access/one-time-password";
import { loadWords } from "@/i18n";
import { tokenOfAddress } from "@/session/link";
import { Front } from "@/shell/front";

export const Route = createFileRoute("/password")({
  beforeLoad: () => loadWords("whole"),
  component: PasswordPage,
});

/**
 * A link from a mail ends in `#token=…`: the part behind # never reaches a server or its logs. Without one, this is where
 * such a mail is asked for.
 */
function PasswordPage() {
  const [token, setToken] = useState(tokenOfAddress);
  // A link that is opened where this page stands already changes nothing but what is behind #.
  useEffect(() => {
    const look = () => setToken((now) => tokenOfAddress() ?? now);
    window.addEventListener("hashchange", look);
    return () => window.removeEventListener("hashchange", look);
  }, []);
  return (
    <Front>
      {token ? <OneTimePassword key={token} token={token} onAskAgain={() => setToken(null)} /> : <ForgottenPassword />}
    </Front>
  );
}
