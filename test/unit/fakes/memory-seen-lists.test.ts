import { describeSeenLists } from '../../contract/seen-lists.contract.ts';
import { createMemorySeenLists } from '../../fakes/memory-seen-lists.ts';

describeSeenLists('seen lists in memory', createMemorySeenLists);
