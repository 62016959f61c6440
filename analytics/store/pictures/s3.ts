/** Pictures of alerts in an S3-compatible bucket, addressed by its path: https://host/bucket/prefix?region=… */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { FaultError } from '#models/schema/fault.ts';
import { demandName, type PictureStore } from './picture-store.ts';

type Place = { endpoint: string; bucket: string; prefix: string; region: string };
type Keys = { accessKeyId: string; secretAccessKey: string };

const TIMEOUT_MS = 30_000;
const ATTEMPTS_MAX = 4;

/** Throws FaultError `config-invalid` for an address that names no bucket, or where no keys are found. */
export function openS3Store(address: string, { dataDir }: { dataDir: string }): PictureStore {
  const place = placeOf(address);
  const { bucket, prefix } = place;
  const client = new S3Client({
    endpoint: place.endpoint,
    region: place.region,
    forcePathStyle: true,
    credentials: keysOf(address, dataDir),
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: { requestTimeout: TIMEOUT_MS, connectionTimeout: 5000 },
    // Servers that are not Amazon's know no checksums of newer kinds.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const at = (name: string) => ({ Bucket: bucket, Key: `${prefix}${demandName(name)}` });
  const asking = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    try {
      return await answer;
    } catch (error) {
      throw new FaultError('evidence-unreachable', `${place.endpoint}/${bucket}: ${(error as Error).message}`, {
        cause: error,
      });
    }
  };
  return {
    async put(name, bytes) {
      await asking(client.send(new PutObjectCommand({ ...at(name), Body: bytes, ContentLength: bytes.length })));
    },
    async read(name) {
      const found = await asking(client.send(new GetObjectCommand(at(name))).catch(noneWhereMissing));
      return found?.Body === undefined ? undefined : Buffer.from(await asking(found.Body.transformToByteArray()));
    },
    async *list(beginning) {
      let ContinuationToken: string | undefined;
      do {
        const asked = {
          Bucket: bucket,
          Prefix: `${prefix}${beginning}`,
          ...(ContinuationToken && { ContinuationToken }),
        };
        const page = await asking(client.send(new ListObjectsV2Command(asked)));
        for (const { Key = '', Size = 0 } of page.Contents ?? []) yield { name: Key.slice(prefix.length), bytes: Size };
        ContinuationToken = page.IsTruncated === true ? page.NextContinuationToken : undefined;
      } while (ContinuationToken !== undefined);
    },
    async remove(name) {
      await asking(client.send(new DeleteObjectCommand(at(name))));
    },
    freeBytes: async () => undefined,
    close: () => client.destroy(),
  };
}

function noneWhereMissing(error: unknown): undefined {
  if (error instanceof S3ServiceException && (error.name === 'NoSuchKey' || error.$metadata.httpStatusCode === 404))
    return undefined;
  throw error;
}

function placeOf(address: string): Place {
  const url = URL.parse(address);
  const [bucket = '', ...rest] = (url?.pathname ?? '').split('/').filter((part) => part !== '');
  if (url === null || !/^https?:$/.test(url.protocol) || bucket === '') {
    const cure = 'Write it as https://host/bucket or https://host/bucket/prefix.';
    throw new FaultError('config-invalid', 'evidenceS3Url names no bucket', { cure });
  }
  const prefix = rest.length === 0 ? '' : `${rest.join('/')}/`;
  return { endpoint: url.origin, bucket, prefix, region: url.searchParams.get('region') ?? 'us-east-1' };
}

function keysOf(address: string, dataDir: string): Keys {
  const { username, password } = new URL(address);
  if (username !== '')
    return { accessKeyId: decodeURIComponent(username), secretAccessKey: decodeURIComponent(password) };
  const path = resolve(dataDir, 'secrets', 'evidence-s3');
  const [fileId = '', fileSecret = ''] = existsSync(path) ? readFileSync(path, 'utf8').trim().split(':') : [];
  const { AWS_ACCESS_KEY_ID = fileId, AWS_SECRET_ACCESS_KEY = fileSecret } = process.env;
  if (AWS_ACCESS_KEY_ID === '' || AWS_SECRET_ACCESS_KEY === '') {
    const cure = 'Put id:secret into data/secrets/evidence-s3, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.';
    throw new FaultError('config-invalid', 'evidenceS3Url is set, but there are no keys for it', { cure });
  }
  return { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
}
