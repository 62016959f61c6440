/** What somebody chooses for a provisioned folder of Grafana: language, zone, and where the sources are. */
import type { Bilingual } from '#models/schema/panel.ts';

export type GrafanaLanguage = 'en' | 'zh';

export type GrafanaChoices = {
  language: GrafanaLanguage;
  /** IANA name: hours of the day and of the week are of it, and times are shown in it. */
  zone: string;
  /** Our page, for links back. */
  pageUrl: string;
  /** ClickHouse over HTTP, as Grafana reaches it; the password comes from Grafana's environment. */
  clickhouseUrl: string;
  clickhouseUser: string;
  prometheusUrl: string;
};

export type Say = (words: Bilingual) => string;

export const speaker =
  (language: GrafanaLanguage): Say =>
  (words) =>
    words[language];
