import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { CircleCheckBig, Copy, PackageOpen, ScanBarcode } from "lucide-react";
import { type FormEvent, useCallback, useEffect, useRef, useState } from "react";
import { call } from "@/api/client";
import { isProblem } from "@/api/problems";
import { useAct, useApi } from "@/api/queries";
import type { Sample } from "@/api/types";
import { sampleLink } from "@/features/samples/whose";
import { sampleStatuses } from "@/features/samples/status";
import { useDraft } from "@/session/draft";
import { useScanner } from "@/shell/scanner";
import { Button } from "@/ui/button";
import { cx } from "@/ui/cx";
import { Card, Notice } from "@/ui/page";
import { ActError, StateMessage } from "@/ui/states";
import { type Receipt, receiptBody, receiptErrors } from "./receipt-fields";
import { answerScan } from "./tone";
import { addToTray, changeItem, SCAN_REPEAT, type TrayItem } from "./tray";
import { TrayRow } from "./tray-row";
import { WaitingList } from "./waiting-list";

interface Scan {
  found: boolean;
  text: string;
}

/** The reception bench: scan or type, look, say the condition, receive all of them at once. */
export function Reception({ ids }: { ids: readonly string[] }) {
  const { t, i18n } = useLingui();
  const draft = useDraft<{ tray: TrayItem[] }>("receive.tray", { tray: [] });
  const { tray } = draft.value;
  const { set } = draft;
  const [scan, setScan] = useState<Scan | null>(null);
  const [tried, setTried] = useState(false);
  const [done, setDone] = useState<readonly Sample[]>([]);
  const act = useAct("POST /samples/receive");
  const types = useApi("GET /sample-types", { query: { limit: 200 } });
  const typeOf = (item: TrayItem) => types.data?.items.find((each) => each.id === item.sample.sample_type.id);
  const lastScan = useRef({ text: "", at: 0 });

  const put = useCallback((sample: TrayItem["sample"]) => set((now) => ({ tray: addToTray(now.tray, sample) })), [set]);
  const look = useCallback(
    async (text: string) => {
      const now = Date.now();
      if (text === lastScan.current.text && now - lastScan.current.at < SCAN_REPEAT) return;
      lastScan.current = { text, at: now };
      try {
        const sample = await call("GET /samples/by-accession/{number}", { path: { number: text } });
        const open = sample.status === "registered";
        answerScan(open);
        if (open) put(sample);
        setScan({
          found: open,
          text: open
            ? t`${sample.accession_number} is on the bench.`
            : t`${sample.accession_number} cannot be received: ${i18n._(sampleStatuses[sample.status].label)}.`,
        });
      } catch (error) {
        answerScan(false);
        setScan({
          found: false,
          text:
            isProblem(error) && error.status === 404
              ? t`No sample has the number ${text}.`
              : error instanceof Error
                ? error.message
                : text,
        });
      }
    },
    [put, t, i18n],
  );
  useScanner((text) => void look(text));
  useGiven(ids, put);

  const errorsOf = (item: TrayItem) =>
    receiptErrors(item.receipt, typeOf(item), {
      temperature: t`Needed for this type.`,
      number: t`Write a number such as 4.2.`,
      note: t`Say what is wrong, here or as a deviation.`,
    });
  const wrong = tray.filter((item) => Object.keys(errorsOf(item)).length > 0).length;
  const receive = () => {
    setTried(true);
    if (wrong > 0 || tray.length === 0) return;
    act.mutate(
      {
        body: {
          items: tray.map(({ sample, receipt }) => ({
            sample_id: sample.id,
            version: sample.version,
            ...receiptBody(receipt),
          })),
        },
      },
      {
        onSuccess: (answer) => {
          setDone(answer.items.map((each) => each.sample));
          setTried(false);
          setScan(null);
          draft.clear();
        },
      },
    );
  };
  const toAll = (from: TrayItem) =>
    set((now) => ({
      tray: now.tray.map((each) => ({ ...each, receipt: { ...from.receipt } })),
    }));

  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <div className="flex min-w-0 flex-col gap-4">
        <ScanBox onText={(text) => void look(text)} scan={scan} />
        {done.length > 0 && (
          <Notice tone="green" icon={<CircleCheckBig />}>
            <Plural value={done.length} one="# sample received:" other="# samples received:" />{" "}
            {done.slice(0, 12).map((sample) => (
              <Link key={sample.id} {...sampleLink(sample.id)} className="mono me-2 underline">
                {sample.accession_number}
              </Link>
            ))}
          </Notice>
        )}
        <Card
          id="bench"
          flush
          title={tray.length > 0 ? t`On the bench: ${tray.length}` : t`On the bench`}
          actions={
            tray.length > 1 && tray[0] ? (
              <Button tone="ghost" icon={<Copy />} onClick={() => tray[0] && toAll(tray[0])}>
                <Trans>First one's findings to all</Trans>
              </Button>
            ) : null
          }
        >
          {tray.length === 0 ? (
            <StateMessage icon={<PackageOpen />} title={t`Nothing on the bench`}>
              <Trans>
                Scan a label anywhere on this page, type an accession number, or take from what is expected.
              </Trans>
            </StateMessage>
          ) : (
            <ul>
              {tray.map((item, index) => (
                <TrayRow
                  key={item.sample.id}
                  item={item}
                  type={typeOf(item)}
                  errors={tried ? errorsOf(item) : {}}
                  serverError={
                    isProblem(act.error)
                      ? act.error.fields.find((each) => each.path.startsWith(`items.${index}.`))?.message
                      : undefined
                  }
                  onChange={(change: Partial<Receipt>) =>
                    set((now) => ({ tray: changeItem(now.tray, item.sample.id, change) }))
                  }
                  onRemove={() =>
                    set((now) => ({ tray: now.tray.filter((each) => each.sample.id !== item.sample.id) }))
                  }
                />
              ))}
            </ul>
          )}
        </Card>
        <ActError beside error={act.error} />
        {tray.length > 0 && (
          <div className="sticky bottom-0 flex flex-wrap items-center justify-end gap-3 rounded-lg border border-line bg-surface px-4 py-3 shadow-low">
            {tried && wrong > 0 && (
              <p role="alert" className="text-red">
                <Plural value={wrong} one="# sample needs attention" other="# samples need attention" />
              </p>
            )}
            <Button onClick={() => draft.clear()}>
              <Trans>Clear the bench</Trans>
            </Button>
            <Button tone="primary" busy={act.isPending} onClick={receive}>
              <Plural value={tray.length} one="Receive # sample" other="Receive # samples" />
            </Button>
          </div>
        )}
      </div>
      <WaitingList onTake={put} taken={new Set(tray.map((each) => each.sample.id))} />
    </div>
  );
}

/** Samples named in the address, e.g. those just registered, are put on the bench once. */
function useGiven(ids: readonly string[], put: (sample: Sample) => void): void {
  const key = ids.join(",");
  useEffect(() => {
    if (!key) return;
    for (const id of key.split(","))
      void call("GET /samples/{id}", { path: { id } }).then(
        (sample) => sample.status === "registered" && put(sample),
        () => undefined,
      );
  }, [key, put]);
}

function ScanBox({ onText, scan }: { onText: (text: string) => void; scan: Scan | null }) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) onText(text.trim());
    setText("");
  };
  return (
    <form
      onSubmit={submit}
      className={cx(
        "rounded-lg border bg-surface p-4 transition-colors",
        scan ? (scan.found ? "border-green" : "border-red") : "border-line",
      )}
    >
      <div className="flex flex-wrap items-center gap-3">
        <ScanBarcode aria-hidden className="size-6 shrink-0 text-accent" />
        <input
          aria-label={t`Accession number`}
          placeholder={t`Scan or type an accession number`}
          className="control mono min-w-0 flex-1 text-base! [--control:44px]"
          autoComplete="off"
          spellCheck={false}
          // Reception starts with a scan; the field is what the page is for.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" className="[--control:44px]">
          <Trans>To the bench</Trans>
        </Button>
      </div>
      <p role="status" className={cx("mt-2 min-h-5 ps-9", scan?.found ? "text-green" : "text-red")}>
        {scan?.text}
      </p>
    </form>
  );
}
