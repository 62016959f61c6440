/** The error codes a person can meet, in Chinese; a new code does not compile until it has its words here. */
import type { FaultCode } from '#models/schema/fault.ts';

export const chineseFaults: Record<FaultCode, { title: string; cure: string }> = {
  'config-invalid': { title: '配置无效', cure: '改正所指出的配置项；docs/config.example.yaml 列出了全部配置项。' },
  'nats-missing': {
    title: '找不到 nats-server',
    cure: '请安装（Debian：apt-get install nats-server），或用 NATS_URL 指向已有的服务。',
  },
  'port-taken': { title: '端口被其他程序占用', cure: '结束该程序，或在配置中换一个端口。' },
  'data-locked': {
    title: '数据目录正在使用',
    cure: '另一个实例正在使用它；先停止那个实例，或用 SHARP_EYES_DATA_DIR 换一个目录。',
  },
  'broker-unreachable': {
    title: 'NATS 无响应',
    cure: '检查 nats-server 是否运行、NATS_URL 是否正确；期间消息暂存在本地。',
  },
  'store-unreachable': {
    title: 'ClickHouse 无响应',
    cure: '检查存储是否运行、CLICKHOUSE_URL 是否正确；期间消息在 NATS 中等待。',
  },
  'terms-behind': {
    title: '租约的任期低于存储中已知的任期',
    cure: '先确认 NATS 所在机器的时钟正确；再删除流 KV_sharpeyes_leases（nats stream rm，或在全部停止后删除 data/nats 下的对应目录）。它会以更高的任期重建。',
  },
  'totals-lacking': {
    title: '部分小时缺少区域合计',
    cure: '请稍候：分析进程每十秒补齐一周的小时；期间看板的数字仍然正确，只是较慢。若总有新的小时缺少合计，说明有旧版本的分析进程同时在结算小时：请停止它。',
  },
  'process-missing': {
    title: '缺少必需的进程',
    cure: '启动它：./sharp-eyes up；若各角色分开运行，则启动该角色；退出原因见其日志。',
  },
  'stream-filling': {
    title: '检测消息流快满了',
    cure: '检查分析和存储是否正常运行；若只是慢，再启动一个 ./sharp-eyes analytics。',
  },
  'messages-waiting': {
    title: '有消息等待入库',
    cure: '检查分析和存储是否正常运行；若只是慢，再启动一个 ./sharp-eyes analytics。',
  },
  'disk-full': { title: '磁盘空间不足', cure: '清理空间或缩短保留时间；有空间后会自动恢复。' },
  'api-unreachable': {
    title: '服务没有在此运行',
    cure: '用 ./sharp-eyes up（或 demo）启动，或用 SHARP_EYES_URL 和 SHARP_EYES_TOKEN 指定另一处服务。',
  },
  'no-city-cameras': {
    title: '本站点没有演示城市',
    cure: '用 ./sharp-eyes demo 启动（不带 --footage），等摄像机登记完成后再试。',
  },
  'start-failed': { title: '某个部分未能启动', cure: '查看所指出的日志；./sharp-eyes doctor 会给出更多说明。' },
  'invalid-value': { title: '值无效', cure: '改正所指出的字段。' },
  'not-found': { title: '不存在', cure: '先列出现有的条目，再使用其中的编号。' },
  'already-exists': { title: '编号已被占用', cure: '换一个编号，或修改已有的条目。' },
  'changed-meanwhile': { title: '已被他人先行修改', cure: '重新读取后再次修改。' },
  'calibration-collinear': {
    title: '标定点在一条直线上',
    cure: '选取能围成一片区域的点：近处两个、远处两个，左右分开。',
  },
  'calibration-poor': { title: '标定与所选点不符', cure: '改正误差最大的点，或将其删除。' },
  'calibration-unfit': {
    title: '所给内容不能构成标定',
    cure: '改正所指出的值；docs/cameras.md 说明了每种标定方式需要什么。',
  },
  'calibration-turned': {
    title: '摄像机不在要标定的位置',
    cure: '将其转到该预置位，待其停稳后重新标定。',
  },
  'polygon-invalid': { title: '多边形无效', cure: '改正所指出的位置后重新导入。' },
  'crs-suspected': {
    title: '文件似乎使用了其他坐标系',
    cure: '请注明坐标系：GCJ-02 或 BD-09（自动转换）；确认无误时选 WGS-84。',
  },
  'area-file-unreadable': {
    title: '无法读取区域文件',
    cure: '改正所指出的位置，或另存为 GeoJSON、Shapefile、KML 或 GeoPackage：docs/grids.md。',
  },
  'area-file-large': {
    title: '区域文件过大',
    cure: '请简化边界（每 5 至 10 米一个拐点即可），或分批导入：先导入上级区域。',
  },
  'division-faulty': {
    title: '网格划分存在缝隙、重叠或错误的上级',
    cure: '改正 ./sharp-eyes grid check 所列问题，或带问题发布（--with-faults），版本中会注明。',
  },
  'area-needed': {
    title: '该区域仍在使用',
    cure: '请先迁移或修改所列摄像机、权限范围、规则或通知渠道，或加上所提示的选项：docs/grids.md。',
  },
  'sheet-unreadable': {
    title: '无法读取摄像机表格',
    cure: '请另存为带表头的 CSV，或使用 YAML；docs/cameras.md 列出了各列。',
  },
  'totals-unreadable': {
    title: '无法读取汇总数据表',
    cure: '表头须为 area、figure、value、as_of、source（或中文：区域、指标、数值、日期、来源），每行一个汇总数：docs/table.md。',
  },
  'personal-record': {
    title: '文件中含有个人记录',
    cure: '请先汇总：系统只接收每个区域的合计数，不接收任何个人信息。请删除所指出的列或行。',
  },
  'change-not-applied': {
    title: '修改尚未在工作进程生效',
    cure: '修改已保存，随后会生效；运行 ./sharp-eyes doctor 查看工作进程是否正常。',
  },
  unauthenticated: { title: '尚未登录', cure: '请登录，或发送令牌：Authorization: Bearer …' },
  forbidden: { title: '没有权限', cure: '请向管理员申请相应的角色或区域。' },
  'too-many-attempts': { title: '登录失败次数过多', cure: '请等一分钟再试。' },
  'oidc-unset': { title: '未设置统一登录', cure: '请用密码登录，或设置 oidcIssuer（docs/sign-in.md）。' },
  'oidc-unreachable': {
    title: '统一登录服务无响应',
    cure: '请用密码登录，或稍后再试；检查 oidcIssuer 是否正确、能否从 API 访问。',
  },
  'oidc-refused': {
    title: '统一登录未完成',
    cure: '请从登录页重新开始，在同一窗口、十分钟之内完成；原因见审计日志。',
  },
  'oidc-unmapped': {
    title: '您在统一登录中的用户组均无权进入',
    cure: '请管理员将您加入 oidcGroups 中的用户组，或把您的用户组写入其中。',
  },
  'oidc-switched-off': { title: '此用户在本系统已停用', cure: '请管理员重新启用。' },
  'too-many-streams': { title: '打开的流过多', cure: '关闭无人观看的实时画面或查询，然后重试。' },
  'too-many-queries': { title: '同时查询的数据过多', cure: '等待正在进行的查询返回后再试。' },
  'alert-stream-slow': {
    title: '告警流没有被接收',
    cure: '带上最后收到的序号重新连接即可，不会丢失；若再次发生，说明线路或程序太慢。',
  },
  'alert-stream-reset': {
    title: '告警流已重新开始',
    cure: '不带序号重新连接；之前的告警在告警列表中。',
  },
  'channel-inner': {
    title: '通道指向内部地址',
    cure: '请填写公网地址；确需内部地址时，用 webhookInnerAllowed（SHARP_EYES_WEBHOOK_INNER_ALLOWED）允许。',
  },
  'channel-unreachable': {
    title: '通道的接收方无响应',
    cure: '检查接收方是否运行、从本机能否访问；未送达的会重试，放弃后仍会保留。',
  },
  'channel-refused': {
    title: '通道的接收方拒绝接收',
    cure: '查看接收方的回答：地址、密钥或用户可能有误；改正后可重发未送达的告警。',
  },
  'channel-untried': {
    title: '没有进程可以发送测试',
    cure: '检查 alerts 进程是否运行（./sharp-eyes doctor），然后重试。',
  },
  'subscription-not-applied': {
    title: '消息服务器没有应用该订阅',
    cure: '确认消息服务器由本系统启动且日志无错误，然后重试。',
  },
  'subscription-elsewhere': {
    title: '消息服务器不由本系统管理',
    cure: 'NATS_URL 指向您自己的服务器：请在那里按所列权限建立用户。',
  },
  'video-codec': {
    title: '该编码无法以视频方式显示',
    cure: '已改为显示图片。若要看视频，请把供人观看的码流设为 H.264。',
  },
  'video-masked': {
    title: '该摄像机设有隐私遮挡',
    cure: '已改为显示图片，遮挡部分为黑色：视频码流会把它们露出来。',
  },
  'video-slow': {
    title: '实时视频来不及接收',
    cure: '到本屏幕的线路太慢：请为人工观看设置较小的码流，或少开几路。',
  },
  'video-moved': { title: '摄像机换了工作进程', cure: '实时视频会自动重新打开。' },
  'upgrade-required': {
    title: '此地址只接受 WebSocket',
    cure: '请像页面那样以 WebSocket 打开；普通请求请用 live.mjpeg 或 picture.jpg。',
  },
  'camera-refused': { title: '摄像机拒绝连接', cure: '检查地址和端口是否正确、RTSP 是否开启。' },
  'camera-unreachable': { title: '无法到达摄像机主机', cure: '检查主机名、电源与网络。' },
  'camera-unauthorised': {
    title: '摄像机拒绝了用户名或密码',
    cure: '改正用户名和密码；多次失败后摄像机会锁定 5 至 30 分钟。',
  },
  'camera-not-found': { title: '此路径下没有码流', cure: '改正 URL 的路径；摄像机自带页面上可查到。' },
  'camera-timed-out': { title: '摄像机未及时响应', cure: '检查网络是否丢包；如果使用 UDP，请改用 TCP。' },
  'camera-no-video': { title: '码流中没有视频', cure: '请选用带视频的配置文件（profile）。' },
  'camera-codec': { title: '不支持的编码', cure: '请将摄像机设为 H.264 或 H.265。' },
  'camera-frozen': { title: '码流已打开但没有画面', cure: '会自动重连；若一直如此，请重启摄像机。' },
  'camera-ended': { title: '摄像机结束了码流', cure: '会自动重连；检查摄像机是否重启或达到会话上限。' },
  'camera-garbage': { title: '画面无法解码', cure: '请使用 TCP，并检查摄像机的编码设置和网络。' },
  'picture-black': {
    title: '画面全黑',
    cure: '检查镜头是否被盖住、补光和光圈是否正常；太暗的地方需要灯光或红外补光。',
  },
  'picture-white': { title: '画面过曝', cure: '检查摄像机的曝光和光圈，以及是否有阳光或灯光直射镜头。' },
  'picture-covered': {
    title: '视野被遮挡',
    cure: '查看画面，派人清除遮挡物或擦拭镜头；若视野已被建筑物改变，请重新标定。',
  },
  'picture-blurred': { title: '画面失焦', cure: '让摄像机重新对焦，或清洁其视窗上的污垢、水滴和蛛网。' },
  'picture-frozen': { title: '画面静止不动', cure: '重启摄像机：其编码器在反复发送同一幅画面。' },
  'view-moved': {
    title: '摄像机朝向已改变',
    cure: '将其转回原位，或按现在的画面重新标定；在此之前，所见目标只计数、不定位。',
  },
  'camera-not-onvif': {
    title: '设备在此处不支持 ONVIF',
    cure: '请确认 ONVIF 已启用，端口与设备网页相同（80、8000、8080、8899）；否则用 RTSP 地址添加摄像机。',
  },
  'camera-answer-broken': {
    title: '设备的应答无法读取',
    cure: '请升级设备固件；若仍无效，用 RTSP 地址添加摄像机。',
  },
  'camera-elsewhere': {
    title: '设备让我们转向另一台主机',
    cure: '若该主机正确，请自行填写；未经填写的主机不会被访问。',
  },
  'camera-login-needed': {
    title: '设备需要用户名和密码',
    cure: '用 --user 指定用户；密码会提示输入，或从 --password-file 或 SHARP_EYES_PASSWORD 读取。',
  },
  'camera-locked': {
    title: '设备已锁定该用户',
    cure: '等待 30 分钟，期间任何程序都不要登录该设备：每次尝试都会重新开始锁定。也可重启设备。',
  },
  'camera-forbidden': {
    title: '设备用户权限不足',
    cure: '为该用户授予查看视频和媒体设置的权限（操作员或媒体用户级别），或换用其他用户。',
  },
  'camera-clock': { title: '设备拒绝登录时间', cure: '校正设备的时钟和时区，最好使用 NTP，然后重试。' },
  'camera-needs-sha-256': {
    title: '设备要求的摘要算法此处无法计算',
    cure: '在设备的安全设置（通常称为“摘要算法”）中，除 SHA-256 外再允许 MD5，RTSP 也要设置。',
  },
  'camera-basic-only': {
    title: '设备只接受明文密码',
    cure: '在设备上启用摘要认证；若网络中没有他人监听，可用 --basic 允许明文。',
  },
  'probe-busy': { title: '接入进程正在检测其他设备', cure: '等其中一个结束后再试。' },
  'file-missing': { title: '文件不存在', cure: '改正路径；文件由接入进程所在的机器读取。' },
  'file-outside': {
    title: '文件不在媒体目录内',
    cure: '把文件移入 data/media，或在 API 和接入进程的配置 mediaDirs（SHARP_EYES_MEDIA_DIRS）中加入它的目录。',
  },
  'file-format': {
    title: '文件不是视频容器',
    cure: '先转换：ffmpeg -i <文件> -c copy <新文件>.mp4。播放列表、图片序列和设备不能作为摄像机。',
  },
  'file-unreadable': { title: '不是 FFmpeg 能读的视频文件', cure: '用其他播放器试播；若也失败，请先转码。' },
  'no-worker': {
    title: '没有接入进程负责该摄像机',
    cure: '启动一个（./sharp-eyes up 或 ./sharp-eyes ingest），或调大 SHARP_EYES_WORKER_CAMERAS；./sharp-eyes doctor 会给出更多说明。',
  },
  'range-too-large': {
    title: '地址范围过大',
    cure: '请缩小范围：/22 约需半分钟，/16 约需一刻钟。',
  },
  'discovery-busy': {
    title: '正在搜索设备',
    cure: '请等它结束：每个采集进程一次只为一个人搜索。',
  },
  'camera-no-events': {
    title: '设备没有 ONVIF 事件',
    cure: '无需处理：移动由画面判断。有些设备需先开启事件功能。',
  },
  'camera-events-full': {
    title: '设备不再提供事件订阅',
    cure: '结束监听该设备的其他程序；遗留的订阅会自行到期，或随设备重启消失。',
  },
  'camera-events-lost': {
    title: '设备丢失了事件订阅',
    cure: '会自动重新订阅；若经常出现，请查看设备是否在重启。',
  },
  'camera-events-silent': {
    title: '设备不报告事件',
    cure: '检查设备是否已开启移动侦测和遮挡报警；若已开启，请重启设备。',
  },
  'model-missing': {
    title: '没有模型',
    cure: '先添加：./sharp-eyes model add --file x.onnx --like yolox，再设置 SHARP_EYES_MODEL。',
  },
  'model-mismatch': { title: '模型与其清单不符', cure: '改正清单中所指出的字段。' },
  'model-not-onnx': { title: '模型文件不是 ONNX 模型', cure: '请确认文件完整且不是网页；其他格式请先导出为 ONNX。' },
  'model-size': {
    title: '模型所需的图像尺寸不同，或一次能处理的图像更少',
    cure: '把文件的宽、高和 maxBatch 写入清单，或导出为可变尺寸；larger 要求宽高可变。',
  },
  'model-layout': {
    title: '模型的颜色通道位置不同',
    cure: '三个颜色在高和宽之前时设 input.layout 为 nchw，在最后时设为 nhwc。',
  },
  'model-classes': {
    title: '模型的类别数不同',
    cure: '把 classCount 设为训练时的类别数（COCO 为 80），并在 classes 中写明哪些对应我们的种类。',
  },
  'model-outputs': {
    title: '模型的输出不同',
    cure: '按解码器读取的顺序写出其输出名，或换用其他解码器；提示中列出了文件的输出。',
  },
  'model-checksum': { title: '模型文件与清单不符', cure: '重新获取文件，或改正清单中的 sha256。' },
  'provider-unavailable': {
    title: '模型没有在所要求的执行单元上运行',
    cure: '目前由 CPU 运行。请安装提示中所列的组件（见 docs/execution-providers.md），或从 executionProviders 中去掉它。',
  },
  'download-unreachable': {
    title: '无法连接模型的发布方',
    cure: '请确认本机的网络可到达该地址（使用代理时设置 NODE_USE_ENV_PROXY=1 和 HTTPS_PROXY），或用 --from 指定镜像。',
  },
  'download-refused': {
    title: '发布方拒绝提供模型',
    cure: '404 表示文件已移走：请在浏览器中打开该地址，或用 --from 指定其他位置。',
  },
  'download-timed-out': { title: '模型未能按时下载完成', cure: '再次运行同一命令，将从中断处继续。' },
  'download-broken-off': { title: '模型下载中断', cure: '再次运行同一命令，将从中断处继续。' },
  'download-wrong-size': {
    title: '下载的文件大小与模型不符',
    cure: '这是另一个文件，或是一个网页：请在浏览器中打开该地址，或用 --from 指定其他位置。',
  },
  'evidence-missing': { title: '此告警没有图像', cure: '其条目说明了原因；刚发出的告警，图像会在数秒后出现。' },
  'evidence-forgotten': {
    title: '采集进程已不再保留该时刻的图像',
    cure: '调大 evidenceRingS 或 evidenceRingMb；重新启动的采集进程不保留之前的图像。',
  },
  'evidence-silent': { title: '该时刻摄像机没有图像', cure: '摄像机的状态说明了它为何中断。' },
  'evidence-not-cut': {
    title: '无法用摄像机的图像制作片段',
    cure: '请让摄像机输出 H.264 或 H.265；提示中说明了失败之处。',
  },
  'evidence-crowded': {
    title: '请求的片段多于能够制作的数量',
    cure: '稍后多数会补做；请收紧触发过于频繁的规则，或增加采集进程。',
  },
  'evidence-deleted': {
    title: '此告警的图像已被删除',
    cure: '图像的保留时间由 evidenceCriticalDays 等设置决定，或在存储空间用尽时删除。',
  },
  'evidence-unreachable': {
    title: '无法访问告警图像的存储位置',
    cure: '请确认 evidenceDir 可写，或 evidenceS3Url 的存储桶可访问且密钥正确。',
  },
  'audit-broken': {
    title: '审计日志与写入时不一致',
    cure: '请将所指出的行与备份比对，并查明谁能写入日志所在的文件夹。',
  },
  'audit-unwritable': {
    title: '审计日志无法写入，因此不显示必须记入日志的内容',
    cure: '请确认数据目录下的 audit 文件夹可写，且磁盘有空间。',
  },
  'rule-shape': { title: '规则的线或区域无效', cure: '请重新绘制：线的各点不得重合，区域的边不得相交。' },
  'rule-outside-picture': { title: '规则画在了画面之外', cure: '画面坐标是 0 到 1 的比例，原点在左上角。' },
  'rule-scope': {
    title: '面向区域的规则却画在单个画面上',
    cure: '请改为指定摄像机，或画在地面上（space: ground）。',
  },
  'rule-limit-missing': { title: '规则没有限值', cure: '请给出 above 或 below（速度为 aboveKmh 或 belowKmh）。' },
  'rule-contradiction': { title: '规则永远不可能成立', cure: '请修改所指出的数值。' },
  'rule-uncalibrated': {
    title: '规则需要已标定的摄像机',
    cure: '请先标定摄像机（./sharp-eyes camera calibrate），或画在画面上，且不要求速度或密度。',
  },
  'rule-camera-unknown': {
    title: '规则指向未登记的摄像机',
    cure: '请改正编号；./sharp-eyes camera list 列出全部摄像机。',
  },
  'rule-area-unknown': { title: '规则指向不存在的区域', cure: '请改正编号；地图和 ./sharp-eyes table 可查看区域。' },
  'rule-time-zone': {
    title: '规则的时区不存在',
    cure: '请按时区数据库的写法：Asia/Shanghai、Europe/Paris。',
  },
  'rule-schedule': {
    title: '规则的时段无效',
    cure: '时段写作 22:00 至 06:00；结束不晚于开始时，表示到次日。',
  },
  'rule-text': {
    title: '规则文字中的字段不存在',
    cure: '可用 {rule} {camera} {area} {kind} {count} {value} {limit} {time}。',
  },
  'rule-learning': {
    title: '规则仍在学习常态',
    cure: '请等待：需要此前三周同一小时的数据，且至少一半时间画面可用。',
  },
  'rule-failed': {
    title: '规则运行出错，已单独停用',
    cure: '其他规则照常运行。修改该规则，或停用后再启用以重试；日志中有错误详情。',
  },
  'rule-invalid': { title: '规则写法有误', cure: '改正所指出的字段；docs/alerts.md 为每种条件给出了示例。' },
  'rule-file-invalid': {
    title: '规则文件无法读取',
    cure: '改正所指出的行；docs/alerts.md 说明了如何用 YAML 书写规则。',
  },
  'quiet-invalid': { title: '静默时段无效', cure: '改正其时间后重新提交。' },
  'rule-try-busy': { title: '另一条规则正在试算', cure: '请等它完成；规则逐条试算，以免拖慢实时告警。' },
  'rule-try-failed': { title: '规则未能试算完', cure: '缩短时段或减少摄像机；规则引擎的日志有更多说明。' },
  'rules-behind': {
    title: '规则处理的是稍早前的观测',
    cure: '若规则进程曾停止，请稍候，它会赶上；否则检查摄像机的时钟和机器负载。',
  },
  'no-rule-engine': {
    title: '没有规则引擎在运行',
    cure: '检查 rules 进程是否运行（./sharp-eyes doctor）；被终止后它会自行恢复。',
  },
  'query-failed': { title: 'ClickHouse 拒绝了查询', cure: '按 ClickHouse 的提示改正查询。' },
  'panel-invalid': {
    title: '自定义面板不符合格式，已被忽略',
    cure: '按原因改正；docs/dashboards.md 有完整示例。然后重启 API。',
  },
  'query-too-long': { title: '查询耗时过长', cure: '缩短时间范围或减少列。' },
  'check-failed': { title: '检查未通过', cure: '请阅读上方输出的内容。' },
  internal: { title: '发生了不该发生的错误', cure: '请查看日志；条目带有相同的请求编号。' },
};
