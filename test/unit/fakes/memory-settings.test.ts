import { describeSettingsStore } from '../../contract/settings-store.contract.ts';
import { createMemorySettings } from '../../fakes/memory-settings.ts';

describeSettingsStore('settings in memory', async () => createMemorySettings());
