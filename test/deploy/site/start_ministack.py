"""
Starts ministack 1.5.33 with three corrections.

DynamoDB answers a query of a local secondary index that asks for ALL_ATTRIBUTES with the whole item, whatever the index holds
(Developer Guide, "Local secondary indexes"); ministack answers with what the index holds. Every query of ours asks so, which the
ledger's contract proves with DynamoDB Local.

An alarm over a metric of metrics is refused; here it is made as an alarm over the first of them, for no alarm is evaluated.

S3 gives a write's `If-None-Match` to policies as `s3:if-none-match` (S3 user guide, "Enforce conditional writes"); ministack does not know
this key, so that a policy which demands the header would refuse every write.
"""

from ministack.app import main
from ministack.core import iam_actions
from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

of_index = dynamodb._apply_index_projection
alarm_record = provisioners._cw_metric_alarm_record
object_context = iam_actions._s3_object_context


def whole_for_local_indexes(item, table, index_name):
    local = any(index["IndexName"] == index_name for index in table.get("LocalSecondaryIndexes") or [])
    return item if local else of_index(item, table, index_name)


def over_one_metric(name, props):
    first = next((one["MetricStat"] for one in props.get("Metrics") or [] if "MetricStat" in one), None)
    if first is None:
        return alarm_record(name, props)
    return alarm_record(name, {**props, **first["Metric"], "Period": first["Period"], "Metrics": None})


def with_condition_of_write(iam_action, query_params, path, headers):
    context = object_context(iam_action, query_params, path, headers)
    condition = headers.get("if-none-match")
    return {**context, "s3:if-none-match": condition} if condition and iam_action == "s3:PutObject" else context


iam_actions._s3_object_context = with_condition_of_write
dynamodb._apply_index_projection = whole_for_local_indexes
provisioners._cw_metric_alarm_record = over_one_metric
main()
