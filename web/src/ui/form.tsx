import type { FormEvent, ReactNode } from "react";

/** Fields that the screen and the server check. After an attempt the focus is where something is wrong, also out of sight. */
export function Form({
  onSubmit,
  id,
  className,
  children,
}: {
  onSubmit: () => void;
  id?: string;
  className?: string;
  children: ReactNode;
}) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { currentTarget } = event;
    onSubmit();
    requestAnimationFrame(() => currentTarget.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  return (
    <form noValidate id={id} className={className} onSubmit={submit}>
      {children}
    </form>
  );
}
