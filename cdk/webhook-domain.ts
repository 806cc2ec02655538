import {
  ApiMapping,
  DomainName,
  EndpointType,
  type HttpApi,
  type HttpStage,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import type { DomainConfiguration } from './configuration/domain-schema.ts';

/**
 * Puts the API under a name that survives the stack, and returns where that name has to lead; nothing if the record is made
 * here. The mapping is to the whole API, so paths stay as they are.
 */
export function createDomain(
  scope: Construct,
  { hostName, certificateArn, hostedZoneId }: DomainConfiguration,
  { api, stage }: { api: HttpApi; stage: HttpStage },
): string | undefined {
  const domain = new DomainName(scope, 'Domain', {
    domainName: hostName,
    certificate: Certificate.fromCertificateArn(scope, 'Certificate', certificateArn),
    endpointType: EndpointType.REGIONAL,
    securityPolicy: SecurityPolicy.TLS_1_2,
  });
  new ApiMapping(scope, 'DomainMapping', { api, domainName: domain, stage });
  if (hostedZoneId === undefined) return domain.regionalDomainName;
  new CfnRecordSet(scope, 'DomainRecord', {
    hostedZoneId,
    name: hostName,
    type: 'A',
    aliasTarget: { dnsName: domain.regionalDomainName, hostedZoneId: domain.regionalHostedZoneId },
  });
  return undefined;
}
