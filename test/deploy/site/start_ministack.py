"""
Starts ministack 1.5.33 with two corrections.

DynamoDB answers a query of a local secondary index that asks for ALL_ATTRIBUTES with the whole item, whatever the index holds
(Developer Guide, "Local secondary indexes"); ministack answers with what the index holds. Every query of ours asks so, which the
ledger's contract proves with DynamoDB Local.

An alarm over a metric of metrics is refused; here it is made as an alarm over the first of them, for no alarm is evaluated.
"""

from ministack.app import main
from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

of_index = dynamodb._apply_index_projection
alarm_record = provisioners._cw_metric_alarm_record


def whole_for_local_indexes(item, table, index_name):
    local = any(index["IndexName"] == index_name for index in table.get("LocalSecondaryIndexes") or [])
    return item if local else of_index(item, table, index_name)


def over_one_metric(name, props):
    first = next((one["MetricStat"]["Metric"] for one in props.get("Metrics") or [] if "MetricStat" in one), {})
    return alarm_record(name, {**props, **first, "Metrics": None})


dynamodb._apply_index_projection = whole_for_local_indexes
provisioners._cw_metric_alarm_record = over_one_metric
main()
