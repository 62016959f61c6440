/** Follows alerts over a WebSocket: node docs/samples/socket.ts <url> <token> [since] */
import { WebSocket } from 'ws';

const [url = '', token, since] = process.argv.slice(2);
const address = `${url.replace(/^http/, 'ws')}/api/v1/alert-socket${since === undefined ? '' : `?since=${since}`}`;
const socket = new WebSocket(address, { headers: { authorization: `Bearer ${token}` } });
socket.on('message', (data) => console.log(String(data)));
socket.on('close', (code, reason) => console.error(`closed: ${code} ${reason}`));
