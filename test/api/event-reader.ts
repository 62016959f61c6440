/** Reads server-sent events of our API as a program would, and keeps them for the test. */

export type Heard = { event: string; id: number | undefined; data: never };

export type EventReader = {
  response: Response;
  heard: Heard[];
  of: (event: string) => Heard[];
  ended: Promise<void>;
  close: () => void;
};

export async function readEvents(
  url: string,
  token: string,
  headers: Record<string, string> = {},
): Promise<EventReader> {
  const stop = new AbortController();
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}`, ...headers }, signal: stop.signal });
  const heard: Heard[] = [];
  let text = '';
  const reading = async () => {
    if (response.status !== 200) return;
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const id = /^id: (\d+)$/m.exec(part)?.[1];
        const line = /^data: (.*)$/m.exec(part)?.[1];
        const event = /^event: (.*)$/m.exec(part)?.[1] ?? (line === undefined ? 'comment' : 'message');
        const data = JSON.parse(line ?? 'null') as never;
        heard.push({ event, id: id === undefined ? undefined : Number(id), data });
      }
    }
  };
  return {
    response,
    heard,
    of: (event) => heard.filter((one) => one.event === event),
    ended: reading().catch(() => {}),
    close: () => stop.abort(),
  };
}
