/**
 * Live view the way of node-rtsp-stream, for comparison: one ffmpeg a stream re-encodes to MPEG-1, its output goes to
 * every WebSocket. The command line is that package's own (its mpeg1muxer.js) with the `-r 30` of its example, because
 * MPEG-1 knows no 15 pictures a second: node mpeg1-fan-out.ts RTSP-URL PORT
 */
import { spawn } from 'node:child_process';
import { WebSocketServer } from 'ws';

if (import.meta.main) {
  const [url = '', port = ''] = process.argv.slice(2);
  const server = new WebSocketServer({ port: Number(port), host: '127.0.0.1' });
  const ffmpeg = spawn('ffmpeg', ['-i', url, '-f', 'mpegts', '-codec:v', 'mpeg1video', '-r', '30', '-']);
  ffmpeg.stdout.on('data', (data: Buffer) => {
    for (const client of server.clients) client.send(data);
  });
  ffmpeg.stderr.resume();
  server.on('listening', () => process.send?.({ ffmpeg: ffmpeg.pid }));
  process.on('SIGTERM', () => {
    ffmpeg.kill('SIGKILL');
    process.exit(0);
  });
}
