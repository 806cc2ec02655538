import { describe, expect, it } from 'vitest';
import { startSimulator } from '../../../local/zpa-simulator/simulator.ts';
import { DEFAULT_CREDENTIAL, DEFAULT_CUSTOMER } from '../../../local/zpa-simulator/tenant/seed.ts';
import { exampleUnder } from './examples.ts';
import { type Api, noTerraform, withCertificate, withWorkspace } from './workspace.ts';

const EVERYTHING = `
resource "zpa_microtenant_controller" "branch" {
  name                      = "Branch"
  description               = "Branch offices"
  enabled                   = true
  criteria_attribute        = "AuthDomain"
  criteria_attribute_values = ["branch.example.com"]
}

resource "zpa_segment_group" "branch" {
  name           = "Branch apps"
  enabled        = true
  microtenant_id = zpa_microtenant_controller.branch.id
}

resource "zpa_segment_group" "escaped" {
  name        = "Escaped"
  description = "R&D's <pages>"
  enabled     = true
}

resource "zpa_application_segment" "voice" {
  name             = "Voice"
  enabled          = true
  domain_names     = ["voice.example.com", "*.voice.example.com"]
  segment_group_id = zpa_segment_group.escaped.id
  tcp_port_range {
    from = "443"
    to   = "443"
  }
  udp_port_range {
    from = "500"
    to   = "510"
  }
  server_groups {
    id = ["216196257331380001"]
  }
}

resource "zpa_application_segment_browser_access" "pages" {
  name             = "Pages"
  enabled          = true
  domain_names     = ["pages.example.com"]
  tcp_port_ranges  = ["443", "443"]
  segment_group_id = zpa_segment_group.escaped.id
  clientless_apps {
    name                 = "pages.example.com"
    domain               = "pages.example.com"
    application_protocol = "HTTPS"
    application_port     = "443"
    certificate_id       = "216196257331380009"
    enabled              = true
  }
  server_groups {
    id = ["216196257331380001"]
  }
}

resource "zpa_policy_access_rule" "escaped" {
  name   = "Escaped staff"
  action = "ALLOW"
  conditions {
    operator = "OR"
    operands {
      object_type = "APP_GROUP"
      lhs         = "id"
      rhs         = zpa_segment_group.escaped.id
    }
  }
}

resource "zpa_segment_group" "imported" {
  name        = "Intranet"
  description = "Everything every employee may open"
  enabled     = true
}
`;

const CONFIGURATION = exampleUnder('Terraform owns the group, tickets own its members') + EVERYTHING;

describe("Terraform's provider on the simulator", () => {
  it.skipIf(noTerraform).for<Api>(['oneapi', 'legacy'])(
    `finds what it wrote, so that a second plan is empty: %s${because(noTerraform)}`,
    async (api) => {
      await withCertificate(async (tls, certFile) => {
        const simulator = await startSimulator({ tls, limits: 'off' });
        const credentials = { ...DEFAULT_CREDENTIAL, clientSecret: 'simulator', customerId: DEFAULT_CUSTOMER };
        try {
          await withWorkspace({ simulatorUrl: simulator.url, certFile, api, credentials }, async (terraform) => {
            terraform.write(CONFIGURATION);
            await terraform.run('import', '-no-color', 'zpa_segment_group.imported', 'Intranet');
            await terraform.apply();
            expect(await terraform.plan()).toBe('no-changes');
            expect(simulator.store.members('Escaped')).toHaveLength(2);
            expect(simulator.store.members('Intranet')).toHaveLength(2);
            expect(simulator.log.all().filter(({ status }) => status >= 400)).toEqual([]);

            terraform.write(CONFIGURATION.replaceAll(/description += "/g, '$&New: '));
            await terraform.apply();
            expect(await terraform.plan()).toBe('no-changes');
            expect(simulator.store.group('Escaped')?.description).toBe("New: R&D's <pages>");
          });
        } finally {
          await simulator.close();
        }
      });
    },
  );
});

function because(reason: string | undefined): string {
  return reason === undefined ? '' : ` (left out: ${reason})`;
}
