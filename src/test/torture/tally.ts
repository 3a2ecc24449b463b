/** What was done to one scenario, in numbers. */
export class Tally {
  runs = 0
  /** How often each invariant was checked, together. */
  checks = 0
  readonly #kills = new Map<string, number>()
  readonly #faults = new Map<string, number>()

  /** A run was killed after it had told this step. */
  killed(step: string): void {
    increase(this.#kills, step)
  }

  /** Something other than a kill was done to it. */
  fault(name: string): void {
    increase(this.#faults, name)
  }

  get kills(): ReadonlyMap<string, number> {
    return this.#kills
  }

  get faults(): ReadonlyMap<string, number> {
    return this.#faults
  }

  get killCount(): number {
    return sum(this.#kills)
  }

  get faultCount(): number {
    return sum(this.#faults)
  }
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0)
}
