/** The questions of WS-Discovery (2005/04), apart: some devices answer only one of them. */

export const QUESTION_KINDS = ['transmitter', 'device', 'any'] as const;
export type QuestionKind = (typeof QUESTION_KINDS)[number];

export const DISCOVERY_PORT = 3702;
export const GROUP_IPV4 = '239.255.255.250';
export const GROUP_IPV6 = 'ff02::c';

/** Its id says which question an answer belongs to, and a repeated question is the same question. */
export type Question = { kind: QuestionKind; id: string; bytes: Buffer };

const TYPES: Record<QuestionKind, string> = {
  transmitter: '<d:Types xmlns:dn="http://www.onvif.org/ver10/network/wsdl">dn:NetworkVideoTransmitter</d:Types>',
  device: '<d:Types xmlns:tds="http://www.onvif.org/ver10/device/wsdl">tds:Device</d:Types>',
  any: '',
};

export function makeQuestion(kind: QuestionKind): Question {
  const id = crypto.randomUUID();
  // The form that devices have met most often; some read by position, not by name.
  const header = `<a:Action s:mustUnderstand="1">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action><a:MessageID>urn:uuid:${id}</a:MessageID><a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo><a:To s:mustUnderstand="1">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>`;
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><s:Header>${header}</s:Header><s:Body><d:Probe>${TYPES[kind]}</d:Probe></s:Body></s:Envelope>`;
  return { kind, id, bytes: Buffer.from(text) };
}
