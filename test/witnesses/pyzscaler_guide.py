"""pyZscaler as it is, pointed at the simulator by its own override_url: the operations of its guide to segment groups."""
import json
import sys

from pyzscaler.zpa import ZPA

APPLICATIONS = ["926196382959075422", "926196382959075423", "926196382959075424"]

zpa = ZPA(
    client_id="simulator",
    client_secret="simulator",
    customer_id="216196257331281920",
    override_url=sys.argv[1],
)
groups = zpa.segment_groups
management = groups.add_group(name="Management Apps")
web = groups.add_group(name="Web Apps", enabled=True)
remote = groups.add_group(
    name="Remote Access",
    enabled=True,
    description="Remote Access Applications",
    application_ids=APPLICATIONS,
)
members = [app.id for app in groups.get_group(remote.id).applications]
updated = groups.update_group("45096653", name="Development Apps", enabled=True)
listed = [group.name for group in groups.list_groups(pagesize=500)]
deleted = groups.delete_group("45096653")
print(
    json.dumps(
        {
            "management": [management.name, management.enabled],
            "web": [web.name, web.enabled],
            "members": members,
            "updated": [updated.name, updated.enabled, updated.tcp_keep_alive_enabled],
            "listed": listed,
            "deleted": deleted,
        }
    )
)
