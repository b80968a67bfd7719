import { useLingui } from "@lingui/react/macro";

/** What the system tried against another laboratory, in the language of the screens; unknown attempts as they come. */
export function useAttempted(): (what: string) => string {
  const { t } = useLingui();
  const words: Record<string, string> = {
    "read a role of another laboratory by its id, through the program": t`Read another laboratory's role by its id, through the program`,
    "give a person of this laboratory a role of another one": t`Give a person of this laboratory another one's role`,
    "change this laboratory's audit events": t`Change this laboratory's audit events`,
    "remove this laboratory's audit events": t`Remove this laboratory's audit events`,
    "write a row into another laboratory": t`Write a row into another laboratory`,
    "change another laboratory's people": t`Change another laboratory's people`,
    "remove another laboratory's sessions": t`Remove another laboratory's sessions`,
  };
  return (what) => {
    const past = /^read (\d+) tables of another laboratory/.exec(what)?.[1];
    if (past) return t`Read ${past} tables of another laboratory, past the program's queries`;
    const nameless = /^read (\d+) tables without naming/.exec(what)?.[1];
    if (nameless) return t`Read ${nameless} tables without naming a laboratory`;
    return words[what] ?? what;
  };
}
