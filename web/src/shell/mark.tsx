/** The mark: an A whose cross bar is a tick. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className={className}>
      <rect width="32" height="32" rx="7" className="fill-[#0f6b75]" />
      <path
        d="M8.500 24 16 7.500 23.500 24"
        fill="none"
        stroke="#fff"
        strokeWidth="2.600"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path
        d="m12.200 18.300 3 3 5.200-6.300"
        fill="none"
        stroke="#9fe6ee"
        strokeWidth="2.400"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
