import { useState } from "react";
import { useDebounced } from "@/shell/debounced";

/**
 * What is typed into a picker that the server searches. While `typing`, nothing is found for all of it yet, and what was found for
 * less must not be offered: Enter would take somebody else.
 */
export function useTyped(delay: number) {
  const [text, setText] = useState("");
  const q = useDebounced(text.trim(), delay);
  return { q, typing: q !== text.trim(), setText };
}
