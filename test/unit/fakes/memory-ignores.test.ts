import { describeIgnores } from '../../contract/ignores.contract.ts';
import { createMemoryIgnores } from '../../fakes/memory-ignores.ts';

describeIgnores('ignores in memory', createMemoryIgnores);
