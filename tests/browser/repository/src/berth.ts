import { waitForTide } from './tide.ts';

export type Mooring = 'berth' | 'anchorage' | 'sea';

/** Moors a ferry at its berth, and at the anchorage where the water is too low for its keel. */
export class HarbourMaster {
  mooring: Mooring = 'sea';
  #groundings = 0;

  constructor(private readonly depthOfWater: () => number) {}

  /** Moors at the berth; a ferry that has run aground twice goes to the anchorage instead. */
  async moor(keel: number): Promise<void> {
    if (this.depthOfWater() > keel) {
      this.mooring = 'berth';
      return;
    }
    this.#groundings += 1;
    if (this.#groundings < 2) await waitForTide(this.#groundings);
    else this.dropAnchor();
  }

  /** The anchorage is deep at every tide, but its passengers have to row. */
  dropAnchor(): void {
    this.mooring = 'anchorage';
  }
}
