"""zscaler-oneapi-sdk-python as it is: it writes ids as 64-bit numbers, and pages lists by itself. Argument: the proxy's port."""
import json
import sys

from zssdk import Session
from zssdk.zscore.config import Config, Proxy

CUSTOMER = {"customer_id": "216196257331281920"}
FIRST, SECOND = 926196382959075422, 926196382959075423

proxy = Proxy(host="127.0.0.1", port=int(sys.argv[1]))
session = Session(
    vanity_domain="simulator",
    client_id="simulator",
    client_secret="simulator",
    config=Config(proxy=proxy, customer_id=CUSTOMER["customer_id"]),
)
v1 = session.client("zpa")
v2 = session.client("zpa", api_version="v2")


def refused(call):
    try:
        return f"not refused: {call()}"
    except Exception as error:
        return str(error)


group = {"name": "Made as numbers", "enabled": True, "applications": [{"id": FIRST, "name": "any"}]}
made = v1.create_segment_group(**CUSTOMER, body=group)
at = {**CUSTOMER, "segment_group_id": int(made["id"])}
v2.update_segment_group(**at, body={"name": "Moved as numbers", "addedApps": [SECOND], "deletedApps": [FIRST]})
got = v1.get_segment_group(**at)
pages = [page["list"] for page in v1.get_paginator("list_all_segment_groups").paginate(**CUSTOMER, pagesize=2)]
held = refused(lambda: v1.remove_segment_group(**at))
missing = refused(lambda: v1.get_segment_group(**CUSTOMER, segment_group_id=72000000000000009))
v2.update_segment_group(**at, body={"name": "Moved as numbers", "deletedApps": [SECOND]})
v1.remove_segment_group(**at)
print(
    json.dumps(
        {
            "got": [got["name"], [app["id"] for app in got["applications"]]],
            "paged": [[one["name"] for one in page] for page in pages],
            "held": "resource.referenced" in held,
            "missing": "resource.not.found" in missing,
        }
    )
)
