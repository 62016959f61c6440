/** A durable consumer over NATS: node docs/samples/subscribe.ts <nats url> <user> <password> <subject> */
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

const [servers = '', user = '', pass = '', subject = ''] = process.argv.slice(2);
const connection = await connect({ servers, user, pass, inboxPrefix: `_INBOX_${user}` });
const manager = await jetstreamManager(connection, { checkAPI: false });
const wanted = { name: user, durable_name: user, filter_subject: subject, ack_policy: AckPolicy.Explicit };
await manager.consumers.add('SHARPEYES_ALERTS', wanted);
const consumer = await jetstream(connection).consumers.get('SHARPEYES_ALERTS', user);
for await (const message of await consumer.consume()) {
  console.log(message.string());
  message.ack();
}
