import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { UsersRound } from "lucide-react";
import { Notice } from "@/ui/page";

/** On the first page of whoever could be the second person. */
export function SecondPersonNotice({ waiting }: { waiting: number }) {
  if (waiting === 0) return null;
  return (
    <Notice icon={<UsersRound aria-hidden />} className="mb-4">
      <Plural
        value={waiting}
        one="# request waits for a second person, who could be you."
        other="# requests wait for a second person, who could be you."
      />{" "}
      <Link to="/two-person-requests" className="font-semibold underline">
        <Trans>See what is asked for</Trans>
      </Link>
    </Notice>
  );
}
