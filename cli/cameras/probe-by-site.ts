/** A probe that the site makes with a login it remembers: the password never comes here. */
import type { ProbeStep } from '#models/schema/probe.ts';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';

type Wanted = { host: string; login: string; basic?: boolean | undefined; seconds?: number | undefined };

export async function* probeBySite({ host, login, basic, seconds }: Wanted): AsyncGenerator<ProbeStep> {
  const body = {
    ...{ host, login },
    ...(basic === true ? { isBasicAllowed: true } : {}),
    ...(seconds === undefined ? {} : { measureS: seconds }),
  };
  const response = await openApi(loadConfig()).request('POST', '/probes', body);
  let rest = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter(Boolean)) yield JSON.parse(line) as ProbeStep;
  }
}
