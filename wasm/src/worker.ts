/** The worker's entry. */
import { fetchedAssets } from './module.js';
import { serve } from './serve.js';
import { Service } from './service.js';

const scope = self as unknown as DedicatedWorkerGlobalScope;

serve(scope, (onStatus) => new Service({ assets: fetchedAssets, onStatus }));
