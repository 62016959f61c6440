/** Which language the page speaks: what was chosen before, else what the browser asks for. */
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { chinese } from './chinese.ts';
import { english, type Words } from './english.ts';

export type Language = 'en' | 'zh';

const CHOSEN = 'sharp-eyes.language';

function firstLanguage(): Language {
  const chosen = localStorage.getItem(CHOSEN);
  if (chosen === 'en' || chosen === 'zh') return chosen;
  return navigator.languages.find((tag) => /^(en|zh)\b/i.test(tag))?.startsWith('zh') === true ? 'zh' : 'en';
}

const LanguageContext = createContext<{ words: Words; switchLanguage: () => void } | null>(null);

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  const words = language === 'zh' ? chinese : english;
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = words.name;
  }, [language, words]);
  const value = useMemo(() => {
    const switchLanguage = () => {
      const other = language === 'zh' ? 'en' : 'zh';
      localStorage.setItem(CHOSEN, other);
      setLanguage(other);
    };
    return { words, switchLanguage };
  }, [language, words]);
  return <LanguageContext value={value}>{children}</LanguageContext>;
}

/** Below it times are said in that zone. */
export function ZoneProvider({ zone, children }: { zone: string | undefined; children: ReactNode }) {
  const { words, switchLanguage } = useLanguage();
  const value = useMemo(
    () => ({ switchLanguage, words: zone === undefined ? words : { ...words, zone } }),
    [words, switchLanguage, zone],
  );
  return <LanguageContext value={value}>{children}</LanguageContext>;
}

function useLanguage() {
  const value = use(LanguageContext);
  if (value === null) throw new Error('useWords needs a LanguageProvider above it');
  return value;
}

export const useWords = (): Words => useLanguage().words;

export const useSwitchLanguage = (): (() => void) => useLanguage().switchLanguage;
