import { useLingui } from "@lingui/react/macro";

/** A size as people say it, in the reader's numbers. */
export function useSize(): (bytes: number) => string {
  const { i18n } = useLingui();
  return (bytes) => {
    const units = ["B", "kB", "MB"] as const;
    let [value, unit] = [bytes, 0];
    while (value >= 1000 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
    const digits = unit === 0 || value >= 100 ? 0 : 1;
    return `${i18n.number(value, { maximumFractionDigits: digits })} ${units[unit]}`;
  };
}
