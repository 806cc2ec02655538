"""zscaler-sdk-python as it is; proxy and CA bundle come from the environment. Argument: oneapi, oneapi-key or legacy."""
import json
import os
import sys

from zscaler import ZscalerClient
from zscaler.oneapi_client import LegacyZPAClient

mode = sys.argv[1]
base = {"customerId": "216196257331281920", "cloud": "production", "logging": {"enabled": False, "verbose": False}}
if mode == "legacy":
    client = LegacyZPAClient({**base, "cloud": "PRODUCTION", "clientId": "simulator", "clientSecret": "simulator"})
elif mode == "oneapi-key":
    key = os.environ["CLIENT_KEY"]
    client = ZscalerClient({**base, "vanityDomain": "simulator", "clientId": "with-key", "privateKey": key})
else:
    secret = {"clientId": "simulator", "clientSecret": "simulator"}
    client = ZscalerClient({**base, "vanityDomain": "simulator", **secret})


def must(result):
    value, _response, error = result
    if error:
        raise SystemExit(f"{mode}: {error}")
    return value


groups = client.zpa.segment_groups
made = must(groups.add_group(name=f"Made by {mode}", description="From the SDK", enabled=True))
must(groups.update_group(made.id, name=f"Renamed by {mode}"))
must(groups.update_group_v2(made.id, name=f"Renamed by {mode}", added_apps=["926196382959075422"]))
got = must(groups.get_group(made.id))
found = must(groups.list_groups({"search": f"Renamed by {mode}"}))
applications = must(client.zpa.application_segment.list_segments({"search": "Wiki"}))
missing = groups.get_group("72000000000000009")[2]
must(groups.update_group_v2(made.id, name=f"Renamed by {mode}", deleted_apps=["926196382959075422"]))
must(groups.delete_group(made.id))
print(
    json.dumps(
        {
            "got": [got.name, got.description, [app["id"] for app in got.as_dict().get("applications") or []]],
            "found": [group.name for group in found],
            "applications": [app.name for app in applications],
            "missing": "resource.not.found" in str(missing),
        }
    )
)
