import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startWorld as startEndpoint } from './world.ts';

async function startWorld() {
  const world = await startEndpoint();
  const { TopicArn } = await world.sns.send(new CreateTopicCommand({ Name: 'outcomes' }));
  const addQueue = async (name: string, Attributes: Record<string, string> = {}) => {
    const { QueueUrl } = await world.sqs.send(new CreateQueueCommand({ QueueName: name }));
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
    const Endpoint = (await world.sqs.send(asked)).Attributes?.QueueArn;
    const subscribe = new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes });
    const { SubscriptionArn } = await world.sns.send(subscribe);
    const receive = async () => {
      const received = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] });
      return (await world.sqs.send(received)).Messages ?? [];
    };
    return { SubscriptionArn, receive };
  };
  return { ...world, TopicArn, addQueue };
}

const kind = { DataType: 'String', StringValue: 'applied' };

describe('SNS', () => {
  it('brings a message to queues, in an envelope or raw with its attributes', async () => {
    const { sns, TopicArn, addQueue } = await startWorld();
    const enveloped = await addQueue('enveloped');
    const raw = await addQueue('raw', { RawMessageDelivery: 'true' });
    const Message = 'a <text> & "more"\nüñî';
    const sent = await sns.send(
      new PublishCommand({ TopicArn, Message, Subject: 'news', MessageAttributes: { kind } }),
    );
    const [envelope] = await enveloped.receive();
    expect(JSON.parse(envelope?.Body ?? '')).toMatchObject({
      Type: 'Notification',
      MessageId: sent.MessageId,
      TopicArn,
      Subject: 'news',
      Message,
      MessageAttributes: { kind: { Type: 'String', Value: 'applied' } },
    });
    const [plain] = await raw.receive();
    expect(plain).toMatchObject({ Body: Message, MessageAttributes: { kind } });
  });

  it('keeps what was published for reading', async () => {
    const { endpoint, sns, TopicArn } = await startWorld();
    const sent = await sns.send(new PublishCommand({ TopicArn, Message: 'one', MessageAttributes: { kind } }));
    await sns.send(new PublishCommand({ TopicArn, Message: 'two' }));
    expect(endpoint.published()).toMatchObject([
      { messageId: sent.MessageId, topicArn: TopicArn, message: 'one', attributes: { kind: { value: 'applied' } } },
      { message: 'two', attributes: {} },
    ]);
    expect(endpoint.published(1)).toMatchObject([{ message: 'two' }]);
  });

  it('chooses the text of a protocol where the message is structured', async () => {
    const { sns, TopicArn, addQueue } = await startWorld();
    const raw = await addQueue('raw', { RawMessageDelivery: 'true' });
    const publish = (message: object) =>
      sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify(message), MessageStructure: 'json' }));
    await publish({ default: 'for others', sqs: 'for queues' });
    await publish({ default: 'for all' });
    expect((await raw.receive()).map((message) => message.Body)).toEqual(['for queues', 'for all']);
    await expect(publish({ sqs: 'no default' })).rejects.toThrow('default');
  });

  it('publishes a batch, each entry for itself', async () => {
    const { endpoint, sns, TopicArn } = await startWorld();
    const answer = await sns.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [
          { Id: 'good', Message: 'fits' },
          { Id: 'bad', Message: 'x'.repeat(300_000) },
        ],
      }),
    );
    expect(answer.Successful?.map((entry) => entry.Id)).toEqual(['good']);
    expect(answer.Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidParameter', SenderFault: true }]);
    expect(endpoint.published().map((one) => one.message)).toEqual(['fits']);
  });

  it('tells topics and subscriptions, and subscribes an endpoint once', async () => {
    const { sns, TopicArn, addQueue } = await startWorld();
    const { SubscriptionArn } = await addQueue('twice');
    expect((await addQueue('twice')).SubscriptionArn).toBe(SubscriptionArn);
    await sns.send(
      new SetSubscriptionAttributesCommand({
        SubscriptionArn,
        AttributeName: 'RawMessageDelivery',
        AttributeValue: 'true',
      }),
    );
    const listed = [{ SubscriptionArn, Protocol: 'sqs', TopicArn }];
    expect((await sns.send(new ListSubscriptionsCommand())).Subscriptions).toMatchObject(listed);
    expect((await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions).toMatchObject(listed);
    expect((await sns.send(new ListTopicsCommand())).Topics).toEqual([{ TopicArn }]);
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    expect(Attributes).toMatchObject({ TopicArn, SubscriptionsConfirmed: '1' });
    await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    expect((await sns.send(new ListSubscriptionsCommand())).Subscriptions ?? []).toEqual([]);
  });

  it('names what is wrong as SNS does', async () => {
    const { sns, TopicArn } = await startWorld();
    const nowhere = sns.send(new PublishCommand({ TopicArn: `${TopicArn}x`, Message: 'm' }));
    await expect(nowhere).rejects.toMatchObject({ name: 'NotFoundException', $metadata: { httpStatusCode: 404 } });
    const empty = sns.send(new PublishCommand({ TopicArn, Message: '' }));
    await expect(empty).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const filtered = new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: 'x',
      Attributes: { FilterPolicy: '{}' },
    });
    await expect(sns.send(filtered)).rejects.toThrow('FilterPolicy');
  });

  it('posts to an HTTP endpoint that confirmed, and again after an error', async () => {
    const { sns, TopicArn } = await startWorld();
    type Posted = { type: string | string[] | undefined; body: string };
    const posted: Posted[] = [];
    let arrived = Promise.withResolvers<Posted>();
    const receiver = createServer(async (request, response) => {
      const one = { type: request.headers['x-amz-sns-message-type'], body: await text(request) };
      response.writeHead(posted.push(one) === 2 ? 503 : 200).end();
      arrived.resolve(one);
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      receiver.closeAllConnections();
      receiver.close();
    });
    const Endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/notices`;
    const subscribed = await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint }));
    expect(subscribed.SubscriptionArn).toBe('pending confirmation');
    const asked = await arrived.promise;
    expect(asked.type).toBe('SubscriptionConfirmation');
    await sns.send(new PublishCommand({ TopicArn, Message: 'before it confirmed' }));
    await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token: JSON.parse(asked.body).Token }));
    await sns.send(new PublishCommand({ TopicArn, Message: 'after' }));
    while (posted.length < 3) {
      arrived = Promise.withResolvers();
      await arrived.promise;
    }
    expect(posted.map((one) => one.type)).toEqual(['SubscriptionConfirmation', 'Notification', 'Notification']);
    expect(posted.slice(1).map((one) => JSON.parse(one.body).Message)).toEqual(['after', 'after']);
  });
});
