import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { KeyRound, UsersRound } from "lucide-react";
import { useAct } from "@/api/queries";
import type { KeyRotation, LogKey, LogKeys } from "@/api/types-access";
import { TwoPeopleDialog } from "@/features/two-people/dialog";
import { WaitingNotice } from "@/features/two-people/waiting";
import { useMay } from "@/session/session";
import { Button, ButtonLink } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";
import { Card, Facts } from "@/ui/page";
import { Pill } from "@/ui/pill";
import { TimeText } from "@/ui/time-text";

/** The key that signs now, those before it, and a rotation that waits for its second person. */
export function LogKeysView({ keys, onRotate }: { keys: LogKeys; onRotate: () => void }) {
  const { t } = useLingui();
  const may = useMay();
  const { waiting } = keys;
  const [present, ...before] = keys.keys;
  return (
    <div className="flex flex-col gap-4">
      {waiting && (
        <div className="flex flex-col gap-2">
          <WaitingNotice request={waiting} />
          {may("ledger:rotate_key") && (
            <div className="flex flex-wrap gap-2">
              {!waiting.yours && (
                <Button tone="primary" icon={<UsersRound />} onClick={onRotate}>
                  <Trans>Confirm the new key…</Trans>
                </Button>
              )}
              <ButtonLink to="/two-person-requests">
                {waiting.yours ? <Trans>Withdraw it</Trans> : <Trans>Decline it</Trans>}
              </ButtonLink>
            </div>
          )}
        </div>
      )}
      <div className="grid items-start gap-4 xl:grid-cols-2">
        {present && <PresentKey present={present} />}
        <Card id="what-keys-do" title={t`What the key is for`}>
          <ul className="flex list-disc flex-col gap-2 ps-5">
            <li>
              <Trans>
                It signs the size and the root of this laboratory's audit log, and every export. Whoever holds it can
                check both without this server.
              </Trans>
            </li>
            <li>
              <Trans>
                A new key does not make the old one worthless: exports made from then on show the way from the old key
                to the new one, signed by both.
              </Trans>
            </li>
            <li>
              <Trans>
                The old private key is destroyed, so that nobody who gets hold of this server's disks later can sign an
                invented past with it.
              </Trans>
            </li>
          </ul>
        </Card>
      </div>
      {before.length > 0 && (
        <Card id="keys-before" title={t`Keys before`} flush>
          <ol>
            {before.map((key) => (
              <KeyBefore
                key={key.verifier_key}
                old={key}
                rotation={keys.rotations.find((each) => each.from === key.verifier_key)}
              />
            ))}
          </ol>
        </Card>
      )}
    </div>
  );
}

function PresentKey({ present }: { present: LogKey }) {
  const { t } = useLingui();
  return (
    <Card
      id="present-key"
      title={t`The key that signs now`}
      marks={
        <Pill tone="green" icon={<KeyRound />}>
          <span className="mono">{present.key_id}</span>
        </Pill>
      }
      actions={<CopyButton text={present.verifier_key} />}
    >
      <code className="mono mb-4 block rounded-md bg-sunken px-2.5 py-1.5 text-xs break-all select-all">
        {present.verifier_key}
      </code>
      <p className="mb-4 text-muted">
        <Trans>
          Give it to assessors by another way than an export: on paper, in the contract, by telephone. They check with
          it what you hand over.
        </Trans>
      </p>
      <Facts
        items={[
          [t`Signs since`, <TimeText key="since" at={present.since} />],
          present.from_index !== null && [t`Put in place by`, <EntryLink key="entry" index={present.from_index} />],
        ]}
      />
    </Card>
  );
}

function KeyBefore({ old, rotation }: { old: LogKey; rotation: KeyRotation | undefined }) {
  const { t } = useLingui();
  return (
    <li className="border-b border-line px-4 py-3 last:border-0">
      <div className="mb-2 flex items-start gap-2">
        <code className="mono min-w-0 flex-1 rounded-md bg-sunken px-2.5 py-1.5 text-xs break-all select-all">
          {old.verifier_key}
        </code>
        <CopyButton text={old.verifier_key} />
      </div>
      <Facts
        items={[
          [
            t`Signed`,
            <span key="signed">
              <TimeText at={old.since} /> – <TimeText at={old.until} />
            </span>,
          ],
          [
            t`Its last checkpoint`,
            <Trans key="size">over {old.until_size} entries, together with its successor</Trans>,
          ],
          rotation !== undefined && [t`Replaced by`, <EntryLink key="entry" index={rotation.index} />],
          rotation !== undefined && [t`Asked by`, rotation.requested_by?.name],
          rotation !== undefined && [t`Confirmed by`, rotation.confirmed_by?.name],
          rotation !== undefined && [t`Reason`, rotation.reason],
        ]}
      />
    </li>
  );
}

function EntryLink({ index }: { index: number }) {
  return (
    <Link to="/audit/$entry" params={{ entry: String(index) }} className="text-accent hover:underline">
      <Trans>entry #{index}</Trans>
    </Link>
  );
}

/** What will happen, a reason, and the second person. */
export function RotateDialog({ waiting, onClose }: { waiting: LogKeys["waiting"]; onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("POST /audit/keys/rotate");
  return (
    <TwoPeopleDialog
      title={t`Replace the signing key`}
      onClose={onClose}
      act={{ ...act, data: act.data?.request }}
      waiting={waiting ?? undefined}
      notice={
        <Trans>Two administrators do it: the first asks, another one sends the same. Both confirm who they are.</Trans>
      }
      requested={
        <Trans>
          Your request is recorded, the key is the old one yet. Another administrator opens this page and confirms
          within a week.
        </Trans>
      }
      presets={[
        t`Yearly rotation`,
        t`Somebody who could read the key has left`,
        t`The key may have been read by others`,
      ]}
      onSubmit={(reason) =>
        act.mutate(
          { body: { reason, ...(waiting ? { request: waiting.id } : {}) } },
          { onSuccess: (answer) => answer.request.status === "done" && onClose() },
        )
      }
    >
      {() => (
        <ol className="flex list-decimal flex-col gap-1 ps-5">
          <li>{t`A new key is made on this server.`}</li>
          <li>{t`The audit log says so, and both keys sign it.`}</li>
          <li>{t`From then on the new key signs alone; the old one is destroyed.`}</li>
          <li>{t`Exports show the way from the old key, so those that were handed out stay good.`}</li>
        </ol>
      )}
    </TwoPeopleDialog>
  );
}
