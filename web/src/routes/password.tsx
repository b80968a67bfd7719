import { createFileRoute } from "@tanstack/react-router";
import { ForgottenPassword } from "@/features/access/forgotten-password";
import { OneTimePassword } from "@/features/access/one-time-password";
import { loadWords } from "@/i18n";
import { useOneTimeLink } from "@/session/link";
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
  const [token, forget] = useOneTimeLink();
  return (
    <Front>{token ? <OneTimePassword key={token} token={token} onAskAgain={forget} /> : <ForgottenPassword />}</Front>
  );
}
