import {
  CreateTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  SubscribeCommand,
  type SubscribeCommandInput,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { startWorld as startEndpoint } from './world.ts';

const RAW = { RawMessageDelivery: 'true' };

async function startWorld() {
  const world = await startEndpoint();
  const { TopicArn } = await world.sns.send(new CreateTopicCommand({ Name: 'outcomes' }));
  const addQueue = async (name: string) => {
    const { QueueUrl } = await world.sqs.send(new CreateQueueCommand({ QueueName: name }));
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
    const Endpoint = (await world.sqs.send(asked)).Attributes?.QueueArn;
    const subscribe = new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes: RAW });
    const { SubscriptionArn } = await world.sns.send(subscribe);
    const receive = async () => {
      const received = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] });
      return (await world.sqs.send(received)).Messages ?? [];
    };
    return { SubscriptionArn, Endpoint, receive };
  };
  return { ...world, TopicArn, addQueue };
}

const kind = { DataType: 'String', StringValue: 'applied' };

describe('SNS', () => {
  it('brings a message to every queue as it is, with its attributes', async () => {
    const { sns, TopicArn, addQueue } = await startWorld();
    const queues = [await addQueue('one'), await addQueue('two')];
    const Message = 'a <text> & "more"\nüñî';
    await sns.send(new PublishCommand({ TopicArn, Message, Subject: 'news', MessageAttributes: { kind } }));
    for (const queue of queues) {
      expect(await queue.receive()).toMatchObject([{ Body: Message, MessageAttributes: { kind } }]);
    }
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
    const queue = await addQueue('queue');
    const publish = (message: object) =>
      sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify(message), MessageStructure: 'json' }));
    await publish({ default: 'for others', sqs: 'for queues' });
    await publish({ default: 'for all' });
    expect((await queue.receive()).map((message) => message.Body)).toEqual(['for queues', 'for all']);
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

  it('subscribes a queue once', async () => {
    const { sns, TopicArn, addQueue } = await startWorld();
    const first = await addQueue('twice');
    expect((await addQueue('twice')).SubscriptionArn).toBe(first.SubscriptionArn);
    await sns.send(new PublishCommand({ TopicArn, Message: 'once' }));
    expect((await first.receive()).map((message) => message.Body)).toEqual(['once']);
  });

  it('names what is wrong as SNS does', async () => {
    const { sns, TopicArn, addQueue } = await startWorld();
    const nowhere = sns.send(new PublishCommand({ TopicArn: `${TopicArn}x`, Message: 'm' }));
    await expect(nowhere).rejects.toMatchObject({ name: 'NotFoundException', $metadata: { httpStatusCode: 404 } });
    const empty = sns.send(new PublishCommand({ TopicArn, Message: '' }));
    await expect(empty).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const { Endpoint } = await addQueue('known');
    const subscribe = (input: Partial<SubscribeCommandInput>) =>
      sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes: RAW, ...input }));
    await expect(subscribe({ Attributes: { ...RAW, FilterPolicy: '{}' } })).rejects.toThrow('FilterPolicy');
    await expect(subscribe({ Attributes: {} })).rejects.toThrow('RawMessageDelivery');
    await expect(subscribe({ Protocol: 'https' })).rejects.toThrow('https');
    await expect(subscribe({ Endpoint: `${Endpoint}x` })).rejects.toThrow('SQS endpoint ARN');
  });
});
