/** Copies a camera's report with one click, and says that it did. */
import { useEffect, useState } from 'react';
import { useWords } from '../words/language.tsx';

const SAID_MS = 4000;

/** Without a secure connection browsers hide the clipboard, and some refuse it; the old way still works then. */
export async function copyText(text: string): Promise<void> {
  const isCopied = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  if (isCopied === true) return;
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'unseen';
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

type CopyButtonProps = { text: () => string; copies?: number; tabIndex?: number };

/** `copies`: counts the copies made by other means (a key), which are said here too. */
export function CopyButton({ text, copies = 0, tabIndex = 0 }: CopyButtonProps) {
  const words = useWords();
  const [copiedAt, setCopiedAt] = useState(0);
  const [isSaid, setIsSaid] = useState(false);
  useEffect(() => {
    if (copiedAt === 0 && copies === 0) return;
    setIsSaid(true);
    const timer = setTimeout(() => setIsSaid(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copiedAt, copies]);
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      className="button-plain health-copy"
      title={words.health.reportTitle}
      onClick={async () => {
        await copyText(text());
        setCopiedAt(Date.now());
      }}
    >
      <span aria-live="polite">{isSaid ? words.health.copied : words.health.report}</span>
    </button>
  );
}
