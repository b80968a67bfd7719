import { Trans } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { useEffect } from "react";
import * as v from "valibot";
import { SignOnRefusal } from "@/features/access/sign-on-refusal";
import { loadWords } from "@/i18n";
import { tellWindow } from "@/session/provider";
import { Front, FrontTitle } from "@/shell/front";
import { Button } from "@/ui/button";

export const Route = createFileRoute("/signed-on")({
  validateSearch: v.object({ refused: v.optional(v.string()) }),
  beforeLoad: () => loadWords("whole"),
  component: SignedOn,
});

/** The window in which somebody confirmed at the identity provider: it tells the one that waits, and closes. */
function SignedOn() {
  const { refused } = Route.useSearch();
  useEffect(() => {
    tellWindow(refused);
    if (!refused) window.close();
  }, [refused]);
  return (
    <Front>
      <FrontTitle
        title={refused ? <Trans>Not confirmed</Trans> : <Trans>Confirmed</Trans>}
        lead={
          refused ? (
            <SignOnRefusal reason={refused} />
          ) : (
            <Trans>You can close this window and go on in the other one.</Trans>
          )
        }
      />
      <Button className="self-start" onClick={() => window.close()}>
        <Trans>Close this window</Trans>
      </Button>
    </Front>
  );
}
