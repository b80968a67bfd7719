import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Form } from "@/ui/form";
import { LocaleSwitch } from "./locale-switch";
import { Mark } from "./mark";
import { ProofArt } from "./proof-art";

/** What a screen before sign-in is for; its form or its way on stands below. */
export function FrontTitle({ title, lead, icon }: { title: ReactNode; lead?: ReactNode; icon?: ReactNode }) {
  return (
    <div className="mb-6 [&_svg]:mb-3 [&_svg]:size-8">
      {icon}
      <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
      {lead && <p className="mt-1 text-muted">{lead}</p>}
    </div>
  );
}

/** A form there: taller fields, one below the other. */
export function FrontForm({ onSubmit, children }: { onSubmit: () => void; children: ReactNode }) {
  return (
    <Form className="flex flex-col gap-4 [--control:42px]" onSubmit={onSubmit}>
      {children}
    </Form>
  );
}

/** The frame of the screens before sign-in: the work on one side, what Attest stands for on the other. */
export function Front({ children, wide }: { children: ReactNode; wide?: boolean }) {
  return (
    <div className="grid min-h-full lg:grid-cols-[minmax(26rem,5fr)_6fr]">
      <div className="flex min-h-full flex-col bg-surface px-6 py-6 sm:px-10">
        <header className="flex items-center gap-2.5">
          <Mark className="size-8" />
          <span className="flex-1 text-lg font-semibold tracking-tight">Attest</span>
          <LocaleSwitch />
        </header>
        <main className={`mx-auto flex w-full flex-1 flex-col justify-center py-10 ${wide ? "max-w-lg" : "max-w-sm"}`}>
          {children}
        </main>
        <footer className="text-xs text-muted">
          <Trans>Open source. Every act here is recorded in your laboratory's ledger.</Trans>
        </footer>
      </div>
      <aside className="sticky top-0 hidden h-dvh overflow-hidden bg-[#0a3d44] text-white lg:flex lg:flex-col lg:justify-center">
        <div className="absolute inset-0 bg-[radial-gradient(80rem_50rem_at_80%_-10%,#14727d_0%,transparent_60%),radial-gradient(50rem_40rem_at_0%_110%,#062a2f_0%,transparent_70%)]" />
        <div className="relative mx-auto flex w-full max-w-2xl flex-col gap-12 px-12 py-16">
          <ProofArt className="w-full" />
          <div>
            <p className="text-2xl font-semibold tracking-tight text-balance">
              <Trans>Results that can prove themselves</Trans>
            </p>
            <p className="mt-3 max-w-lg text-base text-white/75">
              <Trans>
                Who changed a value, who may, what was signed: the answer is already here, sealed in order, and an
                assessor can check it on their own computer.
              </Trans>
            </p>
          </div>
        </div>
      </aside>
    </div>
  );
}
