/** A field to find by, which the key / goes to. */
import { useEffect, useRef } from 'react';
import { OWN_SEARCH } from './use-search-keys.ts';

type SearchProps = {
  label: string;
  value: string | null;
  className?: string;
  onSearch: (text: string | null) => void;
};

export function SearchField({ label, value, className, onSearch }: SearchProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.closest('input, select, textarea') !== null;
      if (event.key !== '/' || isTyping) return;
      event.preventDefault();
      field.current?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <input
      ref={field}
      type="search"
      {...{ [OWN_SEARCH]: '' }}
      className={className}
      maxLength={200}
      placeholder={label}
      aria-label={label}
      value={value ?? ''}
      onChange={({ target }) => onSearch(target.value === '' ? null : target.value)}
    />
  );
}
