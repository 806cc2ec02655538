import { CreateTableCommand, DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { TABLE } from '../../shared/deployment/resources.ts';
import { createUnlessExists } from './common/create-unless-exists.ts';

/** The ledger's table with its two sparse local secondary indexes; ready to use when this resolves. */
export async function createTable(client: DynamoDBClient, name: string): Promise<void> {
  const index = ({ name: IndexName, key }: { name: string; key: string }) => ({
    IndexName,
    KeySchema: [
      { AttributeName: TABLE.partitionKey, KeyType: 'HASH' as const },
      { AttributeName: key, KeyType: 'RANGE' as const },
    ],
    Projection: { ProjectionType: TABLE.indexProjection },
  });
  const attribute = (AttributeName: string, AttributeType: 'S' | 'N') => ({ AttributeName, AttributeType });
  const make = () =>
    client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: TABLE.partitionKey, KeyType: 'HASH' },
          { AttributeName: TABLE.sortKey, KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          attribute(TABLE.partitionKey, 'S'),
          attribute(TABLE.sortKey, 'S'),
          attribute(TABLE.openIndex.key, 'N'),
          attribute(TABLE.failedIndex.key, 'N'),
        ],
        LocalSecondaryIndexes: [index(TABLE.openIndex), index(TABLE.failedIndex)],
      }),
    );
  try {
    const look = () => client.send(new DescribeTableCommand({ TableName: name }));
    await createUnlessExists(look, ['ResourceNotFoundException'], make);
    // dynalite makes a table a moment after it answered.
    while ((await look()).Table?.TableStatus !== 'ACTIVE') await new Promise((resolve) => setImmediate(resolve));
  } finally {
    client.destroy();
  }
}
