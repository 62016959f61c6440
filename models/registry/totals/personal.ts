/** Recognises a sheet that holds people instead of totals, so that it is refused as a whole and nothing of it is kept. */

/** Headers of what belongs to one person, in full: "area name" is none. */
const HEADERS =
  /^(full[ _-]?name|first[ _-]?name|last[ _-]?name|surname|name|person|resident|id[ _-]?(card|number|no)|identity.*|passport.*|phone.*|mobile.*|tel(ephone)?|e-?mail|wechat|birth.*|date of birth|dob|age|sex|gender|ethnic.*|religion|address|home address|plate.*|licen[cs]e plate|face.*|photo|姓名|名字|住户|户主|身份证.*|证件.*|护照.*|电话.*|手机.*|联系.*|邮箱|微信.*|出生.*|生日|年龄|性别|民族|宗教.*|住址|家庭住址|地址|门牌.*|车牌.*|照片|人脸.*)$/i;

/** A mainland identity number (GB 11643: 17 digits and a check sign), and a mobile number with or without country code. */
const IDENTITY = /(?<!\d)[1-9]\d{5}(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)/;
const MOBILE = /(?<![\d.])(\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\d.])/;
const MAIL = /[^\s@]+@[^\s@]+\.[a-z]{2,}/i;

export const isPersonalHeader = (header: string): boolean => HEADERS.test(header.trim());

/** What a text looks like, where it looks like something of one person. */
export function personalValue(text: string): 'an identity number' | 'a phone number' | 'an e-mail address' | undefined {
  if (IDENTITY.test(text)) return 'an identity number';
  if (MOBILE.test(text)) return 'a phone number';
  if (MAIL.test(text)) return 'an e-mail address';
  return undefined;
}
