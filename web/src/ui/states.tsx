import { Trans, useLingui } from "@lingui/react/macro";
import { CircleAlert, CloudOff, Lock, RotateCw, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { isProblem, NetworkError } from "@/api/problems";
import { Button } from "./button";
import { cx } from "./cx";

/** The designed quiet places: nothing here, not found, not allowed, went wrong. */
export function StateMessage({
  icon,
  title,
  children,
  action,
  className,
  page,
}: {
  icon: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
  /** It is all there is on the page, and so its heading. */
  page?: boolean;
}) {
  return (
    <div className={cx("flex flex-col items-center justify-center gap-2 px-6 py-14 text-center", className)}>
      <div
        aria-hidden
        className="mb-1 grid size-10 place-items-center rounded-full bg-accent-tint text-accent [&_svg]:size-5"
      >
        {icon}
      </div>
      {page ? (
        <h1 id="page-title" tabIndex={-1} className="text-base font-semibold outline-none">
          {title}
        </h1>
      ) : (
        <p className="text-base font-semibold">{title}</p>
      )}
      {children && <div className="max-w-md text-muted">{children}</div>}
      {action && <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

/** Any failure of a read, told by what it means for the person. */
export function ErrorState({
  error,
  onRetry,
  className,
}: {
  error: unknown;
  onRetry?: () => void;
  className?: string;
}) {
  const { t } = useLingui();
  const retry = onRetry && (
    <Button icon={<RotateCw />} onClick={onRetry}>
      <Trans>Try again</Trans>
    </Button>
  );
  if (error instanceof NetworkError)
    return (
      <StateMessage className={className} icon={<CloudOff />} title={t`The server cannot be reached`} action={retry}>
        <Trans>Nothing is lost. It will be read as soon as the connection is back.</Trans>
      </StateMessage>
    );
  if (isProblem(error, "step-up-required"))
    return (
      <StateMessage
        className={className}
        icon={<Lock />}
        title={t`You did not confirm that it is you`}
        action={retry}
      />
    );
  if (isProblem(error, "laboratory-suspended"))
    return (
      <StateMessage className={className} icon={<Lock />} title={t`The laboratory is suspended`} action={retry}>
        {error.message}
      </StateMessage>
    );
  if (isProblem(error) && error.status === 403)
    return (
      <StateMessage className={className} icon={<Lock />} title={t`Your roles do not open this`}>
        <Trans>An administrator of your laboratory can give you the permission. The refusal has been recorded.</Trans>
      </StateMessage>
    );
  if (isProblem(error) && error.status === 404)
    return (
      <StateMessage className={className} icon={<SearchX />} title={t`Not found`}>
        <Trans>There is nothing under this address in your laboratory.</Trans>
      </StateMessage>
    );
  const request = isProblem(error) ? error.problem.request_id : undefined;
  return (
    <StateMessage className={className} icon={<CircleAlert />} title={t`This could not be shown`} action={retry}>
      <p>{error instanceof Error ? error.message : null}</p>
      {request && (
        <p className="mt-1 text-xs">
          <Trans>
            Request <code className="mono select-all">{request}</code>
          </Trans>
        </p>
      )}
    </StateMessage>
  );
}

export function ForbiddenState() {
  const { t } = useLingui();
  return (
    <StateMessage page icon={<Lock />} title={t`Your roles do not open this`}>
      <Trans>An administrator of your laboratory can give you the permission.</Trans>
    </StateMessage>
  );
}

/** The refusal of an act, shown where the act was tried. Field errors belong beside their fields; this is the rest. */
export function ActError({
  error,
  className,
  beside,
}: {
  error: unknown;
  className?: string;
  /** The form shows its field errors itself, so they are not listed again. */
  beside?: boolean;
}) {
  const { t } = useLingui();
  if (!error) return null;
  const away = error instanceof NetworkError;
  const text = away
    ? t`No answer came back. Try again: if the first attempt did arrive, it will not be done twice.`
    : isProblem(error, "step-up-required")
      ? t`You did not confirm that it is you, so nothing was done.`
      : error instanceof Error
        ? error.message
        : t`This could not be done.`;
  const unnamed =
    isProblem(error) && !beside ? error.fields.filter((each) => each.message && each.message !== text) : [];
  return (
    <div role="alert" className={cx("flex items-start gap-2 rounded-md bg-red-tint px-3 py-2 text-red", className)}>
      {away ? (
        <CloudOff aria-hidden className="mt-0.5 size-4 shrink-0" />
      ) : (
        <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      )}
      <div className="min-w-0">
        <p>{text}</p>
        {unnamed.length > 0 && (
          <ul className="mt-1 list-disc ps-4 text-xs">
            {unnamed.slice(0, 6).map((each) => (
              <li key={each.path + each.code}>
                {each.path && <code className="mono">{each.path}</code>} {each.message}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cx("skeleton", className)} />;
}
