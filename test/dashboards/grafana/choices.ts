/** What the tests of Grafana's folder choose. */
import type { GrafanaChoices } from '#dashboards/grafana/choices.ts';

export const CHOICES: GrafanaChoices = {
  language: 'en',
  zone: 'Asia/Shanghai',
  pageUrl: 'http://page.test:8080',
  clickhouseUrl: 'http://store.test:8123',
  clickhouseUser: 'analyst',
  prometheusUrl: 'http://prometheus.test:9090',
};
