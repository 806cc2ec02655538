import { describeKnownLanes } from '../../contract/known-lanes.contract.ts';
import { createMemoryKnownLanes } from '../../fakes/memory-known-lanes.ts';

describeKnownLanes('known lanes in memory', createMemoryKnownLanes);
