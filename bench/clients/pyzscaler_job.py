"""pyZscaler as its guide shows it. Arguments: address of the simulator, customer. The steps come on stdin as JSON."""
import json
import sys

from pyzscaler.zpa import ZPA

url, customer = sys.argv[1:]
zpa = ZPA(client_id="simulator", client_secret="simulator", customer_id=customer, override_url=url)


def take(step):
    if "description" in step:
        zpa.segment_groups.update_group(step["groupId"], description=step["description"])
        return
    group = zpa.segment_groups.get_group(step["groupId"])
    members = [application.id for application in group.get("applications") or []]
    zpa.segment_groups.update_group(step["groupId"], application_ids=members + [step["applicationId"]])


errors = []
for step in json.load(sys.stdin):
    try:
        take(step)
    except Exception as error:  # the caller counts what failed, and goes on with the next as a loop would
        errors.append(f"{type(error).__name__}: {error}"[:200])
print(json.dumps({"failed": len(errors), "firstError": errors[0] if errors else None}))
