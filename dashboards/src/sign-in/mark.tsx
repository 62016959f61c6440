/** The mark of Sharp Eyes: an eye in a cell. */
export function Mark({ size }: { size: number }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path className="mark-cell" d="M16 1.8 28.3 8.9v14.2L16 30.2 3.7 23.1V8.9Z" />
      <path
        className="mark-eye"
        d="M6.5 16c2.6-4.2 5.8-6.3 9.5-6.3s6.9 2.1 9.5 6.300c-2.6 4.2-5.8 6.3-9.5 6.3S9.1 20.2 6.5 16Z"
      />
      <circle className="mark-iris" cx="16" cy="16" r="3.1" />
    </svg>
  );
}
