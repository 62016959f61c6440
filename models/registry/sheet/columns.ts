/** The columns of a camera sheet: their English and Chinese headers, and the field of a camera that each fills. */

export type ColumnKind = 'text' | 'secret' | 'number' | 'yes-no' | 'tags' | 'importance';

export type Column = {
  /** The header that an export writes. */
  name: string;
  chinese: string;
  /** Other headers that mean the same, English and Chinese. */
  also: readonly string[];
  /** The way to the field in a row: ['placement', 'heightM']. */
  field: readonly string[];
  kind: ColumnKind;
  /** What to write into it, one sentence. */
  about: string;
};

type More = { also?: readonly string[]; kind?: ColumnKind; about: string };

const column = (name: string, chinese: string, field: string, { also = [], kind = 'text', about }: More): Column => ({
  name,
  chinese,
  also,
  field: field.split('.'),
  kind,
  about,
});

export const COLUMNS: readonly Column[] = [
  column('id', '编号', 'id', {
    also: ['camera', 'camera_id', '摄像机编号', '设备编号'],
    about: 'lower-case letters, digits, hyphens; made from the name where absent',
  }),
  column('name', '名称', 'name', {
    also: ['camera_name', '摄像机名称', '设备名称', '点位名称'],
    about: 'free text; needed for a new camera',
  }),
  column('onvif', 'ONVIF地址', 'onvif', {
    also: ['onvif_host', 'onvif_address', 'ONVIF'],
    about: 'host or host:port of an ONVIF device that is asked for its streams, one camera for each channel',
  }),
  column('url', 'RTSP地址', 'url', {
    also: ['rtsp', 'rtsp_url', 'address', '取流地址', '地址', '码流地址'],
    about: 'rtsp://host[:port]/path of the stream that is looked at',
  }),
  column('watch_url', '观看地址', 'watchUrl', {
    also: ['watchUrl', '主码流地址'],
    about: 'the stream that people watch',
  }),
  column('file', '文件', 'file', { also: ['video_file', '视频文件'], about: 'a video file in a media folder' }),
  column('looped', '循环播放', 'isLooped', {
    also: ['isLooped'],
    kind: 'yes-no',
    about: 'a file starts again at its end',
  }),
  column('user', '用户名', 'user', { also: ['username', 'login_user', '用户', '账号'], about: 'user of the camera' }),
  column('password', '密码', 'password', {
    also: ['pass', '口令'],
    kind: 'secret',
    about: 'as plain text; better one of the next two',
  }),
  column('password_env', '密码变量', 'passwordEnv', {
    also: ['passwordEnv', '密码环境变量'],
    about: 'name of an environment variable that holds the password (command line only)',
  }),
  column('password_file', '密码文件', 'passwordFile', {
    also: ['passwordFile'],
    about: 'file that holds the password, beside the sheet or with its whole path (command line only)',
  }),
  column('transport', '传输方式', 'transport', { also: ['传输'], about: 'tcp or udp' }),
  column('area', '所属区域', 'area', {
    also: ['area_id', '区域', '网格', '所属网格', '区域编号'],
    about: 'id of an area',
  }),
  column('lon', '经度', 'position.lon', { also: ['lng', 'longitude', 'x'], kind: 'number', about: 'WGS-84, degrees' }),
  column('lat', '纬度', 'position.lat', { also: ['latitude', 'y'], kind: 'number', about: 'WGS-84, degrees' }),
  column('height_m', '安装高度', 'placement.heightM', {
    also: ['height', 'heightM', '高度', '杆高', '安装高度m'],
    kind: 'number',
    about: 'metres above the ground',
  }),
  column('heading_deg', '朝向', 'placement.headingDeg', {
    also: ['heading', 'headingDeg', 'azimuth', '方位角', '朝向角度'],
    kind: 'number',
    about: '0 is north, 90 is east',
  }),
  column('tilt_deg', '俯角', 'placement.tiltDeg', {
    also: ['tilt', 'tiltDeg', '俯仰角'],
    kind: 'number',
    about: 'degrees below the horizon',
  }),
  column('field_of_view_deg', '视场角', 'placement.fieldOfViewDeg', {
    also: ['fov', 'field_of_view', 'fieldOfViewDeg', '水平视场角'],
    kind: 'number',
    about: 'horizontal, degrees',
  }),
  column('tags', '标签', 'tags', { also: ['tag'], kind: 'tags', about: 'words, separated by spaces or semicolons' }),
  column('importance', '重要性', 'importance', {
    also: ['priority', '重要程度', '优先级'],
    kind: 'importance',
    about: 'low, normal or high (低, 中, 高)',
  }),
  column('site', '站点', 'site', {
    also: ['site_id', '机房', '接入点'],
    about: 'id of the site that shares a login and a line',
  }),
  column('enabled', '启用', 'isEnabled', {
    also: ['isEnabled', '是否启用'],
    kind: 'yes-no',
    about: 'yes or no (是, 否)',
  }),
  column('sample_fps', '检测帧率', 'sampleFps', {
    also: ['sampleFps', 'fps', '帧率'],
    kind: 'number',
    about: 'frames looked at per second while something moves',
  }),
  column('gated', '运动触发', 'isGated', {
    also: ['isGated'],
    kind: 'yes-no',
    about: 'no: every sampled frame is looked at',
  }),
  column('full_look_interval_s', '静止检测间隔', 'fullLookIntervalS', {
    also: ['fullLookIntervalS'],
    kind: 'number',
    about: 'a quiet scene is looked at this often, seconds',
  }),
  column('model', '检测模型', 'model', { also: ['detector'], about: 'name of a detection model' }),
  column('score_min', '最低置信度', 'scoreMin', { also: ['scoreMin'], kind: 'number', about: '0 to 1' }),
  column('device_host', '设备IP', 'device.host', {
    also: ['device.host', 'ip', 'host', 'ip_address', 'IP地址', '设备地址', '设备主机'],
    about: 'address of the device that the camera is a channel of',
  }),
  column('device_port', '设备端口', 'device.port', {
    also: ['device.port', 'onvif_port', '端口'],
    kind: 'number',
    about: 'port of the device',
  }),
  column('channel', '通道', 'device.channel', {
    also: ['device.channel', 'channel_no', '通道号'],
    about: 'ONVIF video source of the device',
  }),
  column('profile', '码流配置', 'device.profile', { also: ['device.profile'], about: 'token of the ONVIF profile' }),
  column('scheme', '协议', 'device.scheme', {
    also: ['device.scheme', 'protocol', '接入协议'],
    about: 'onvif or rtsp',
  }),
  column('manufacturer', '厂商', 'device.manufacturer', {
    also: ['device.manufacturer', 'make', 'vendor', 'brand', '厂家', '品牌', '生产厂商'],
    about: 'who made the device',
  }),
  column('device_model', '设备型号', 'device.model', { also: ['device.model', '型号'], about: 'model of the device' }),
  column('serial', '序列号', 'device.serial', {
    also: ['device.serial', 'serial_number', 'sn', '设备序列号'],
    about: 'serial number; text, zeros in front stay',
  }),
  column('firmware', '固件版本', 'device.firmware', {
    also: ['device.firmware', '固件'],
    about: 'firmware of the device',
  }),
  column('mac', 'MAC地址', 'device.mac', { also: ['device.mac', 'mac_address', 'MAC'], about: 'hardware address' }),
];

/** "Height (m)" and "安装高度（米）" are read without their units, capitals, spaces and hyphens. */
export function plainHeader(header: string): string {
  const text = header.normalize('NFKC').replace(/\([^)]*\)/g, '');
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
    .replace(/[*:]+$/, '');
}

const byHeader = new Map(
  COLUMNS.flatMap((one) => [one.name, one.chinese, ...one.also].map((header) => [plainHeader(header), one] as const)),
);

/** Also under the field's own name, `placement.heightM`, as YAML and JSON have it. */
for (const one of COLUMNS) byHeader.set(plainHeader(one.field.join('.')), one);

export function findColumn(header: string): Column | undefined {
  return byHeader.get(plainHeader(header));
}

export const HEADERS: readonly string[] = [...byHeader.keys()];
