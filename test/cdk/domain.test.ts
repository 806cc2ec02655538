import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { stackSchema } from '../../cdk/configuration/stack-configuration.ts';
import { CONFIGURATION, readable, synthesise } from './synthesise.ts';

const certificateArn = 'arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-123456789abc';
const hostName = 'changes.example.org';
const withDomain = (domain: { hostedZoneId?: string }) =>
  synthesise(stackSchema.parse({ ...CONFIGURATION, domain: { hostName, certificateArn, ...domain } }));

describe('without domain', () => {
  it('the API answers under its own address', () => {
    const { propertiesOf, resources } = synthesise();
    expect(propertiesOf('AWS::ApiGatewayV2::Api', 'Api')).not.toHaveProperty('DisableExecuteApiEndpoint');
    expect(Object.keys(resources('AWS::ApiGatewayV2::DomainName'))).toEqual([]);
  });
});

describe('a domain of somebody’s own', () => {
  const { stack, template, propertiesOf, resources, outputs } = withDomain({});

  it('is the only address of the API, by TLS 1.2 and the given certificate', () => {
    expect(propertiesOf('AWS::ApiGatewayV2::DomainName', 'Domain')).toMatchObject({
      DomainName: hostName,
      DomainNameConfigurations: [
        { CertificateArn: certificateArn, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
      ],
    });
    const [mapping] = Object.values(resources('AWS::ApiGatewayV2::ApiMapping'));
    expect(mapping?.Properties).not.toHaveProperty('ApiMappingKey');
    expect(
      [mapping?.Properties.ApiId, mapping?.Properties.DomainName, mapping?.Properties.Stage].map(readable),
    ).toEqual(['Api', 'Domain', '$default']);
    expect(mapping?.DependsOn).toEqual(Object.keys(template.findResources('AWS::ApiGatewayV2::Stage')));
    expect(propertiesOf('AWS::ApiGatewayV2::Api', 'Api')).toMatchObject({ DisableExecuteApiEndpoint: true });
  });

  it('is what webhooks and status links begin with', () => {
    expect(outputs.PublicUrl?.Value).toBe(`https://${hostName}`);
    const { Variables } = propertiesOf('AWS::Lambda::Function', 'notifyFunction').Environment as {
      Variables: Record<string, unknown>;
    };
    expect(Variables.PUBLIC_URL).toBe(`https://${hostName}`);
  });

  it('says where its name has to lead, if the zone is elsewhere', () => {
    expect(Object.keys(resources('AWS::Route53::RecordSet'))).toEqual([]);
    expect(readable(outputs.DomainTarget?.Value)).toBe('Domain.RegionalDomainName');
  });

  it('gets its record, if the zone is here', () => {
    const zoned = withDomain({ hostedZoneId: 'Z0123456789ABCDEFGHIJ' });
    const [record] = Object.values(zoned.resources('AWS::Route53::RecordSet'));
    expect(record?.Properties).toMatchObject({ Name: hostName, Type: 'A', HostedZoneId: 'Z0123456789ABCDEFGHIJ' });
    const { DNSName, HostedZoneId } = (record?.Properties.AliasTarget ?? {}) as Record<string, unknown>;
    expect([DNSName, HostedZoneId].map(readable)).toEqual(['Domain.RegionalDomainName', 'Domain.RegionalHostedZoneId']);
    expect(zoned.outputs).not.toHaveProperty('DomainTarget');
  });

  it('cdk-nag finds nothing in it', () => {
    for (const pack of [new AwsSolutionsChecks(), new ServerlessChecks()]) {
      expect(pack.validateScope(stack).violations, pack.name).toEqual([]);
    }
  });
});
