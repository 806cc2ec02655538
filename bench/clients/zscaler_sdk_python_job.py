"""zscaler-sdk-python as its guide shows it. Argument: customer. Proxy and CA bundle come from the environment, the steps on stdin."""
import json
import sys

from zscaler import ZscalerClient

client = ZscalerClient(
    {
        "clientId": "simulator",
        "clientSecret": "simulator",
        "vanityDomain": "simulator",
        "customerId": sys.argv[1],
        "cloud": "production",
        "logging": {"enabled": False, "verbose": False},
    }
)


def must(result):
    value, _response, error = result
    if error:
        raise RuntimeError(str(error))
    return value


def take(step):
    group = must(client.zpa.segment_groups.get_group(step["groupId"]))
    fields = {"name": group.name, "description": group.description, "enabled": group.enabled}
    members = [{"id": application["id"]} for application in group.as_dict().get("applications") or []]
    if "description" in step:
        fields["description"] = step["description"]
    else:
        members.append({"id": step["applicationId"]})
    must(client.zpa.segment_groups.update_group(step["groupId"], **fields, applications=members))


errors = []
for step in json.load(sys.stdin):
    try:
        take(step)
    except Exception as error:  # the caller counts what failed, and goes on with the next as a loop would
        errors.append(f"{type(error).__name__}: {error}"[:200])
print(json.dumps({"failed": len(errors), "firstError": errors[0] if errors else None}))
