import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

/** Why single sign-on did not work, and what to do; for a word of the server. */
export function SignOnRefusal({ reason }: { reason: string }): ReactNode {
  switch (reason) {
    case "declined":
      return <Trans>The sign-in was cancelled at your identity provider. Nothing happened here.</Trans>;
    case "no_account":
      return <Trans>You have no account in this laboratory. Ask its administrator for one.</Trans>;
    case "no_role":
      return (
        <Trans>
          Your identity provider names no group that has a role here. Ask your administrator to add you to one.
        </Trans>
      );
    case "domain":
      return <Trans>People with your e-mail address are not let in here. Ask the laboratory's administrator.</Trans>;
    case "not_verified":
      return (
        <Trans>
          Your identity provider did not say that your e-mail address is yours. Have it checked there, then try again.
        </Trans>
      );
    case "inactive":
      return <Trans>Your account here was deactivated. Ask the laboratory's administrator.</Trans>;
    case "already_linked":
      return (
        <Trans>
          The account with your e-mail address belongs to somebody else at the identity provider. Ask the laboratory's
          administrator.
        </Trans>
      );
    case "other_person":
      return <Trans>Somebody else signed in at the identity provider. Nothing was confirmed.</Trans>;
    case "not_fresh":
      return <Trans>The identity provider did not ask for your proof again. Nothing was confirmed.</Trans>;
    case "factor_missing":
      return <Trans>You have a second factor here: confirm with it instead.</Trans>;
    case "provider":
      return <Trans>The identity provider does not answer at the moment. Try again in a while.</Trans>;
    case "token":
      return (
        <Trans>
          What the identity provider answered is not to be trusted, so nobody was signed in. Your administrator finds
          the reason in the audit trail.
        </Trans>
      );
    case "window":
      return <Trans>The browser did not open the window. Allow windows for this site, then try again.</Trans>;
    case "cancelled":
      return <Trans>Nothing was confirmed.</Trans>;
    case "other_browser":
      return <Trans>The sign-in began in another browser, or in another tab after this one. Begin again.</Trans>;
    default:
      return <Trans>This sign-in took too long or was finished already. Begin again.</Trans>;
  }
}
