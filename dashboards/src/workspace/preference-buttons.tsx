/** The two preferences a person sets at a glance: language and theme. */
import { useTheme } from '../theme.tsx';
import { useSwitchLanguage, useWords } from '../words/language.tsx';
import { MoonIcon, SunIcon } from './icons.tsx';

export function LanguageButton() {
  const words = useWords();
  const switchLanguage = useSwitchLanguage();
  return (
    <button
      type="button"
      className="button-quiet"
      lang={words.otherLanguageTag}
      title={words.otherLanguageTitle}
      aria-label={words.otherLanguageTitle}
      onClick={switchLanguage}
    >
      {words.otherLanguage}
    </button>
  );
}

export function ThemeButton() {
  const words = useWords();
  const { theme, switchTheme } = useTheme();
  const title = theme === 'dark' ? words.theme.toLight : words.theme.toDark;
  return (
    <button type="button" className="button-quiet" title={title} aria-label={title} onClick={switchTheme}>
      {theme === 'dark' ? <SunIcon /> : <MoonIcon />}
    </button>
  );
}
