/** Light or dark: what was chosen before, else what the system prefers, followed while it changes; paper is light. */
import { createContext, type ReactNode, use, useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';

export type Theme = 'light' | 'dark';

const CHOSEN = 'sharp-eyes.theme';
const prefersDark = matchMedia('(prefers-color-scheme: dark)');

const chosenTheme = (): Theme | null => {
  const chosen = localStorage.getItem(CHOSEN);
  return chosen === 'light' || chosen === 'dark' ? chosen : null;
};
const systemTheme = (): Theme => (prefersDark.matches ? 'dark' : 'light');

const ThemeContext = createContext<{ theme: Theme; switchTheme: () => void }>({
  theme: systemTheme(),
  switchTheme: () => {},
});

export function ThemeProvider({ children }: { children: ReactNode }) {
  const [chosen, setTheme] = useState<Theme>(() => chosenTheme() ?? systemTheme());
  const isPaper = useIsPaper();
  const theme = isPaper ? 'light' : chosen;
  useEffect(() => {
    const follow = () => setTheme(chosenTheme() ?? systemTheme());
    prefersDark.addEventListener('change', follow);
    return () => prefersDark.removeEventListener('change', follow);
  }, []);
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  const value = useMemo(() => {
    const switchTheme = () => {
      const other = theme === 'dark' ? 'light' : 'dark';
      // Choosing what the system prefers anyway means following the system again.
      if (other === systemTheme()) localStorage.removeItem(CHOSEN);
      else localStorage.setItem(CHOSEN, other);
      setTheme(other);
    };
    return { theme, switchTheme };
  }, [theme]);
  return <ThemeContext value={value}>{children}</ThemeContext>;
}

export const useTheme = () => use(ThemeContext);

/** The browser lays the page out for paper as soon as its event is told: the page must have changed by then. */
function useIsPaper(): boolean {
  const [isPaper, setIsPaper] = useState(false);
  useEffect(() => {
    const onPaper = () => flushSync(() => setIsPaper(true));
    const onScreen = () => setIsPaper(false);
    addEventListener('beforeprint', onPaper);
    addEventListener('afterprint', onScreen);
    return () => {
      removeEventListener('beforeprint', onPaper);
      removeEventListener('afterprint', onScreen);
    };
  }, []);
  return isPaper;
}
