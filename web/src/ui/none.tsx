/** There is no value. */
export const None = () => <span className="text-faint">–</span>;
