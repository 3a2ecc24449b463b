import { invariant } from '../diagnostics/errors.ts'
import type { Dag } from '../graph/dag.ts'

export interface ScheduleInput<Id extends string, Result> {
  readonly dag: Dag<Id>
  /** How many nodes run at a time, at least 1. */
  readonly concurrency: number
  /** Does the work of one node. What it throws is an internal error: it ends the schedule. */
  readonly run: (id: Id) => Promise<Result>
  /** True when everything below a node with this result must be skipped. */
  readonly blocks: (result: Result) => boolean
  /** The result of a node that does not run: below `because`, which blocked it, or not started when the signal came. */
  readonly onSkip: (id: Id, because: Id | undefined) => Result
  /** After an abort nothing starts; what runs is awaited. */
  readonly signal?: AbortSignal
}

/**
 * Runs the nodes of a graph, parents before children, several at a time. Of the nodes that could start, the one of the
 * lowest level and smallest id goes first, so that with a concurrency of 1 the order never varies. Every node is run or
 * skipped exactly once; the results come in the order of the graph. When `run` throws, nothing more starts, what runs is
 * awaited, and the first error is thrown.
 */
export async function schedule<Id extends string, Result>(
  input: ScheduleInput<Id, Result>,
): Promise<ReadonlyMap<Id, Result>> {
  invariant(input.concurrency >= 1, `a concurrency of ${input.concurrency}`)
  return new Schedule(input).finish()
}

class Schedule<Id extends string, Result> {
  readonly #input: ScheduleInput<Id, Result>
  readonly #order: readonly Id[]
  readonly #rank: ReadonlyMap<Id, number>
  readonly #waitingFor: Map<Id, number>
  readonly #ready = new ReadyQueue()
  readonly #results = new Map<Id, Result>()
  #running = 0
  #thrown: { readonly error: unknown } | undefined

  constructor(input: ScheduleInput<Id, Result>) {
    this.#input = input
    this.#order = input.dag.topologicalOrder()
    this.#rank = new Map(this.#order.map((id, rank) => [id, rank]))
    this.#waitingFor = new Map(this.#order.map((id) => [id, input.dag.parents(id).length]))
    for (const id of this.#order) if (this.#waitingFor.get(id) === 0) this.#ready.add(this.#rank.get(id)!)
  }

  async finish(): Promise<ReadonlyMap<Id, Result>> {
    await new Promise<void>((resolve) => this.#startWhatCan(resolve))
    if (this.#thrown) throw this.#thrown.error
    for (const id of this.#order) if (!this.#results.has(id)) this.#skip(id, undefined)
    return new Map(this.#order.map((id) => [id, this.#results.get(id)!]))
  }

  /** Called at the start and whenever a node has ended; resolves when nothing runs and nothing can start. */
  #startWhatCan(resolve: () => void): void {
    while (this.#running < this.#input.concurrency && !this.#thrown && !this.#input.signal?.aborted) {
      const rank = this.#ready.take()
      if (rank === undefined) break
      this.#running += 1
      void this.#runOne(this.#order[rank]!).then(() => this.#startWhatCan(resolve))
    }
    if (this.#running === 0) resolve()
  }

  /** Never rejects. */
  async #runOne(id: Id): Promise<void> {
    try {
      const result = await this.#input.run(id)
      this.#results.set(id, result)
      if (this.#input.blocks(result)) this.#skipBelow(id)
      else this.#release(id)
    } catch (error) {
      this.#thrown ??= { error }
    } finally {
      this.#running -= 1
    }
  }

  #release(id: Id): void {
    for (const child of this.#input.dag.children(id)) {
      const left = this.#waitingFor.get(child)! - 1
      this.#waitingFor.set(child, left)
      if (left === 0 && !this.#results.has(child)) this.#ready.add(this.#rank.get(child)!)
    }
  }

  #skipBelow(blocker: Id): void {
    const below = this.#input.dag.descendants(blocker).filter((id) => !this.#results.has(id))
    below.sort((a, b) => this.#rank.get(a)! - this.#rank.get(b)!)
    for (const id of below) this.#skip(id, blocker)
  }

  #skip(id: Id, because: Id | undefined): void {
    this.#results.set(id, this.#input.onSkip(id, because))
  }
}

/** A binary heap of ranks: the lowest is taken first. */
class ReadyQueue {
  readonly #heap: number[] = []

  add(rank: number): void {
    const heap = this.#heap
    let at = heap.push(rank) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (heap[parent]! <= rank) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = rank
  }

  take(): number | undefined {
    const heap = this.#heap
    const lowest = heap[0]
    const last = heap.pop()
    if (heap.length === 0 || last === undefined) return lowest
    let at = 0
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child += 1
      if (heap[child]! >= last) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
    return lowest
  }
}
