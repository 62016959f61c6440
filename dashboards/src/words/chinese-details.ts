/** What workers and the API say of one fault beyond its code, in Chinese: sentences with measured parts, so by their pattern. */

/** Names, addresses and numbers stay as they are; a part that is a sentence itself is said anew. */
type Pattern = readonly [RegExp, (...parts: string[]) => string];

const STATES: Record<string, string> = { down: '离线', degraded: '降级', connecting: '正在连接', waiting: '等待中' };
const ROLES: Record<string, string> = { ingest: '接入', analytics: '分析' };
const LOSSES: Record<string, string> = {
  'no camera is looked at': '没有摄像机被检测',
  'detections wait in NATS and are not counted': '检测结果在 NATS 中等待，尚未计数',
};

/** What libav and the system call it. */
const SAID: readonly Pattern[] = [
  [/^Connection refused$/, () => '连接被拒绝'],
  [/^(?:Connection|Operation) timed out$/, () => '超时'],
  [/^Connection reset by peer$/, () => '连接被对方重置'],
  [/^No route to host$/, () => '没有到主机的路由'],
  [/^Network is unreachable$/, () => '网络不可达'],
  [/^Cannot assign requested address$/, () => '无法使用该地址'],
  [/^Broken pipe$/, () => '连接已断开'],
  [/^End of file$/, () => '数据已结束'],
  [/^Input\/output error$/, () => '输入输出错误'],
  [/^Immediate exit requested$/, () => '已按要求停止'],
  [/^Resource temporarily unavailable$/, () => '暂时没有数据'],
  [/^Invalid data found when processing input$/, () => '收到无效数据'],
  [/^Stream not found$/, () => '找不到码流'],
  [/^Server returned 400 Bad Request$/, () => '服务器返回 400（请求无效）'],
  [/^Server returned 401 Unauthorized.*$/, () => '服务器返回 401（未授权）'],
  [/^Server returned 403 Forbidden.*$/, () => '服务器返回 403（禁止访问）'],
  [/^Server returned 404 Not Found$/, () => '服务器返回 404（不存在）'],
  [/^Server returned 4XX Client Error.*$/, () => '服务器返回 4xx（请求错误）'],
  [/^Server returned 5XX Server Error.*$/, () => '服务器返回 5xx（服务器错误）'],
];

const CAMERAS: readonly Pattern[] = [
  [/^(.+) could not be opened: (.+)$/, (name, said) => `无法打开 ${name}：${anew(said)}`],
  [/^(.+) did not answer in time: (.+)$/, (name, said) => `${name} 未及时应答：${anew(said)}`],
  [/^(.+) did not answer within ([\d.]+) s$/, (name, seconds) => `${name} 在 ${seconds} 秒内没有应答`],
  [/^(.+) agreed to send by UDP, but no packet came$/, (name) => `${name} 同意通过 UDP 发送，但没有数据包到达`],
  [/^(.+) has sent no picture for ([\d.]+) s$/, (name, seconds) => `${name} 已有 ${seconds} 秒没有发来画面`],
  [
    /^(.+) sent (\d+) packets that cannot be decoded, and no picture$/,
    (name, count) => `${name} 发来 ${count} 个无法解码的数据包，没有画面`,
  ],
  [
    /^(.+) takes no digest by MD5, the only one that libav signs$/,
    (name) => `${name} 不接受 MD5 摘要认证，而 libav 只会用 MD5 签名`,
  ],
  [/^(.+) closed the connection, or answered what is no RTSP$/, (name) => `${name} 关闭了连接，或应答的不是 RTSP`],
  [/^(.+) refused to set up or play the stream: (.+)$/, (name, said) => `${name} 拒绝建立或播放码流：${anew(said)}`],
  [
    /^(.+) cannot be reached: the name "(.+)" does not resolve$/,
    (name, host) => `无法到达 ${name}：主机名“${host}”无法解析`,
  ],
  [/^(.+) stopped: (.+)$/, (name, said) => `${name} 中断：${anew(said)}`],
  [/^(.+) cannot be read (?:as video|further): (.+)$/, (name, said) => `无法作为视频读取 ${name}：${anew(said)}`],
  [/^(.+) is no container of video that may be a camera$/, (name) => `${name} 不是可作为摄像机的视频文件`],
  [/^there is no file (.+)$/, (path) => `没有文件 ${path}`],
  [/^(.+) brings (\d+) streams, none.*$/, (name, count) => `${name} 提供 ${count} 路码流，其中没有视频`],
  [/^(.+) brings .*cannot be decoded.*$/, (name) => `${name} 的编码格式无法解码`],
  [/^(\d+) of (\d+) pictures had errors$/, (failed, all) => `${all} 帧画面中有 ${failed} 帧出错`],
  [
    /^the file is cut: it ends after ([\d.]+) s, .*$/,
    (seconds) => `文件不完整：在 ${seconds} 秒处结束，短于其标明的长度`,
  ],
  [/^(.+) was played to its end$/, (name) => `${name} 已播放到结尾`],
  [/^(.+) ended the stream$/, (name) => `${name} 结束了码流`],
  [/^the stream is well, but its pictures are black$/, () => '码流正常，但画面全黑'],
  [/^the stream is well, but most of its pictures is burnt out to white$/, () => '码流正常，但画面大部分过曝发白'],
  [/^something hides the view that the camera has had so far$/, () => '有东西遮挡了摄像机一直以来的视野'],
  [/^the stream is well, but shows the same picture all the time$/, () => '码流正常，但画面一直不变'],
  [/^the pictures are out of focus$/, () => '画面失焦'],
  [/^the view is not the one that was known: .*$/, () => '视野与已知的不同：摄像机被转动，或变焦已改变'],
];

const SITE: readonly Pattern[] = [
  [/^camera (\S+) is (\w+): (.+)$/, (id, state, why) => `摄像机 ${id} ${STATES[state] ?? state}：${anew(why)}`],
  [/^It is switched off\.$/, () => '已停用'],
  [/^No ingest worker has it yet\.$/, () => '尚无接入进程负责它'],
  [
    /^No worker has it: (\S+) last spoke of it (\d+) seconds ago\.$/,
    (worker, seconds) => `没有接入进程负责它：${worker} 最后一次报告是在 ${seconds} 秒前`,
  ],
  [/^no ingest worker has (\S+)$/, (id) => `没有接入进程负责 ${id}`],
  [/^no ingest worker is there to search$/, () => '没有接入进程可供搜索'],
  [/^no ingest worker is there to prove a device$/, () => '没有接入进程可供检验设备'],
  [/^the worker that answered is silent$/, () => '应答的接入进程没有再发来消息'],
  [
    /^the worker of (\S+) at (\S+) (did not answer|cannot be reached)$/,
    (id, host, what) => `${id} 的接入进程（${host}）${what === 'did not answer' ? '没有应答' : '无法连接'}`,
  ],
  [/^the worker of (\S+) did not answer$/, (id) => `${id} 的接入进程没有应答`],
  [/^(\d+) rules do not run: .*$/, (count) => `有 ${count} 条规则没有运行，原因见规则列表`],
  [/^no reason was given$/, () => '未说明原因'],
  [/^no (\w+) process answers: (.+)$/, (role, loss) => `没有${ROLES[role] ?? role}进程应答：${LOSSES[loss] ?? loss}`],
  [/^nothing is detected: (.+)$/, (why) => `没有进行检测：${anew(why)}`],
  [/^the API has lost NATS; .*$/, () => '接口与 NATS 失去联系；显示的是最后已知的情况'],
  [/^the stream of detections is (\d+) % full; .*$/, (percent) => `检测消息流已占用 ${percent}%；满后将丢弃最早的消息`],
  [/^(\d+) messages wait to be stored$/, (count) => `有 ${count} 条消息等待入库`],
  [/^the store at (\S+) is busy: .*$/, (host) => `${host} 的存储正忙：查询没有及时得到应答`],
  [/^(\S+) does not answer: no answer within ([\d.]+) s$/, (host, seconds) => `${host} 在 ${seconds} 秒内没有应答`],
  [/^(\S+) does not answer: .*$/, (host) => `${host} 没有应答`],
  [/^the disk has no room for the spool: .*$/, () => '磁盘没有空间暂存消息：消息正在被丢弃'],
  [
    /^(\d+) cameras have no worker, .*\((\d+)\)$/,
    (count, most) => `${count} 台摄像机没有接入进程，本进程已达上限（${most}）`,
  ],
  [/^rules work on looks of (\d+) s ago$/, (seconds) => `规则正在处理 ${seconds} 秒前的观测`],
  [/^the broker does not answer$/, () => 'NATS 没有应答'],
];

/** "worker-1: the disk …": only where nothing else fits. */
const PROCESS: Pattern = [/^([\w.-]+): (.+)$/, (process, said) => `${process}：${anew(said)}`];

/** Sentences with sentences in them come before those that end with anything. */
const PATTERNS = [...SAID, ...SITE, ...CAMERAS, PROCESS];

function sayAnew(text: string): string | null {
  for (const [pattern, say] of PATTERNS) {
    const found = pattern.exec(text);
    if (found !== null) return say(...found.slice(1));
  }
  return null;
}

const anew = (part: string): string => sayAnew(part) ?? part;

/** null for what has no words here: then the English is shown, and marked as such. */
export const chineseDetail = sayAnew;
