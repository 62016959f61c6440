/** Follows the alerts of an area over server-sent events: node docs/samples/follow.ts <url> <token> [area] */
const [url, token, area] = process.argv.slice(2);
const query = area === undefined ? '' : `?area=${area}`;
let last = '';
for (;;) {
  const headers = { authorization: `Bearer ${token}`, ...(last === '' ? {} : { 'last-event-id': last }) };
  const answer = await fetch(`${url}/api/v1/alert-stream${query}`, { headers });
  let text = '';
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const events = (text + chunk).split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      last = /^id: (.*)$/m.exec(event)?.[1] ?? last;
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data !== undefined) console.log(data);
    }
  }
}
