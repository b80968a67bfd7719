import { Suspense, useState } from "react";
import type { DialogProps } from "./dialog-frame";
import { part } from "./part";

const Frame = part(() => import("./dialog-frame").then(({ DialogFrame }) => DialogFrame));

/** A modal question. The focus begins in its first field and is trapped, Escape closes, it returns to where it came from. */
export function Dialog(props: DialogProps) {
  const [shown, setShown] = useState(props.open);
  if (props.open && !shown) setShown(true);
  // Once shown it stays, so that it can fade out.
  return shown ? (
    <Suspense>
      <Frame {...props} />
    </Suspense>
  ) : null;
}
