"""
Starts ministack with one correction. DynamoDB answers a query of a local secondary index that asks for ALL_ATTRIBUTES with
the whole item, whatever the index holds (Developer Guide, "Local secondary indexes"); ministack 1.5.33 answers with what the
index holds. Every query of ours asks so, which the ledger's contract proves with DynamoDB Local.
"""

from ministack.app import main
from ministack.services import dynamodb

of_index = dynamodb._apply_index_projection


def whole_for_local_indexes(item, table, index_name):
    local = any(index["IndexName"] == index_name for index in table.get("LocalSecondaryIndexes") or [])
    return item if local else of_index(item, table, index_name)


dynamodb._apply_index_projection = whole_for_local_indexes
main()
