/**
 * A Merkle tree as drawing: eight leaves of work, folded pairwise into one root. The lit path is the proof of one of
 * them. Decoration only.
 */
export function ProofArt({ className }: { className?: string }) {
  const levels = 4;
  const width = 640;
  const rowHeight = 108;
  const lit = [5, 2, 1, 0];
  const sibling = [4, 3, 0];
  const x = (level: number, index: number) => ((index + 0.5) * width) / 2 ** (levels - 1 - level);
  const y = (level: number) => (levels - 1 - level) * rowHeight + 24;
  const edges = [];
  const nodes = [];
  for (let level = 0; level < levels; level++) {
    for (let index = 0; index < 2 ** (levels - 1 - level); index++) {
      const onPath = lit[level] === index;
      const inProof = sibling[level] === index;
      if (level < levels - 1) {
        const px = x(level + 1, Math.floor(index / 2));
        const middle = (y(level) + y(level + 1)) / 2;
        edges.push(
          <path
            key={`e${level}-${index}`}
            d={`M${x(level, index)} ${y(level)}V${middle}H${px}V${y(level + 1)}`}
            fill="none"
            stroke={onPath ? "#7fe0ea" : "#ffffff"}
            strokeOpacity={onPath ? 0.9 : 0.16}
            strokeWidth={onPath ? 2 : 1.25}
          />,
        );
      }
      const size = level === levels - 1 ? 15 : 9;
      nodes.push(
        <rect
          key={`n${level}-${index}`}
          x={x(level, index) - size}
          y={y(level) - size}
          width={size * 2}
          height={size * 2}
          rx={level === 0 ? 3 : size}
          fill={onPath ? "#7fe0ea" : "#0d4f57"}
          stroke={inProof ? "#7fe0ea" : "#ffffff"}
          strokeOpacity={onPath ? 0 : inProof ? 0.9 : 0.3}
          strokeWidth={inProof ? 2 : 1.25}
          strokeDasharray={inProof ? "3 3" : undefined}
        />,
      );
    }
  }
  return (
    <svg viewBox={`0 0 ${width} ${rowHeight * (levels - 1) + 48}`} aria-hidden className={className}>
      {edges}
      {nodes}
      <path
        d={`M${width / 2 - 6} 24l4.500 4.500 8-9.500`}
        fill="none"
        stroke="#063036"
        strokeWidth="2.500"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
