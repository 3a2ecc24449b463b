import type { BoundQuery } from '../adapters/adapter.ts'
import type { RunnableNode } from '../manifest/nodes.ts'
import type { Relation } from '../sql/relation.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { BindInput, HowToCompile, Rendered } from './bind-input.ts'
import { firstQuestion, type Question } from './question.ts'

/**
 * How many queries the engine is asked of at once: a trip for all of them costs little, and their plans fit into memory. Half
 * or twice as many take as long.
 */
const AT_ONCE = 50

/** What is known of a node before its turn. */
export interface Ahead<Node extends RunnableNode> {
  /** Fails as compiling fails. Where the template asks the database what may not be known yet, it waits for the node's turn. */
  readonly rendered: Promise<Rendered<Node>>
  readonly giveTurn: () => void
  /** What the engine says of the node's first question; undefined where that has to be asked at the node's turn. */
  readonly bound: BoundQuery | undefined
}

/** Who may be asked of ahead, and what is done on the way. */
export interface Around {
  /** `wait` while something that the node reads was not bound, `leave` where it is not to be asked of at all. */
  readonly readiness: (node: RunnableNode) => 'ready' | 'wait' | 'leave'
  readonly readAs: HowToCompile['readAs']
  /** Whether a relation is there once `before` has resolved, and stays as it is. */
  readonly stands: (relation: Relation) => boolean
  /** Before the engine is asked something. */
  readonly before: () => Promise<void>
  /** While the engine is at work. */
  readonly meanwhile: () => void
}

/**
 * Asks of many queries at once in an engine that can do that. Nodes still have their turns, one after the other: what is found
 * here is what would be found then, because a query that was bound is bound in the same way when there are more relations.
 * Whatever else there is to say, that the engine refuses a query among it, is found out at the node's turn.
 */
export class LookAhead {
  readonly #input: BindInput
  readonly #ahead = new Map<UniqueId, Ahead<RunnableNode>>()
  /** The place in the order that nobody has looked at. */
  #next = 0

  constructor(input: BindInput) {
    this.#input = input
  }

  /** Whether nobody has looked at this place in the order, and the engine can be asked of many queries at once. */
  isDue(position: number): boolean {
    return this.#input.connection.bindQueries !== undefined && position >= this.#next
  }

  /** Asks of the node at a place in the order and of those after it that are ready. */
  async from(position: number, around: Around): Promise<void> {
    const queries: string[] = []
    const asked: Asked[] = []
    for (const node of this.#readyFrom(position, around)) {
      const each = this.#render(node, around)
      this.#ahead.set(node.id, { ...each, bound: undefined })
      const rendered = await each.early
      if (!rendered) continue
      queries.push(each.question.wrap(rendered.compiled.sql).sql)
      asked.push(each)
    }
    await around.before()
    const answers = this.#ask(queries)
    around.meanwhile()
    for (const [index, bound] of (await answers).entries()) {
      const each = asked[index]!
      this.#ahead.set(each.question.node.id, { ...each, bound })
    }
  }

  /** What is known of a node before its turn, which is now; once. */
  take<Node extends RunnableNode>(node: Node): Ahead<Node> | undefined {
    const ahead = this.#ahead.get(node.id)
    this.#ahead.delete(node.id)
    // It was rendered from this node.
    return ahead as Ahead<Node> | undefined
  }

  /** Every connection is asked of its share. */
  async #ask(queries: readonly string[]): Promise<readonly (BoundQuery | undefined)[]> {
    const { connection, beside } = this.#input
    const connections = [connection, ...beside]
    const share = Math.ceil(queries.length / connections.length)
    const answers = connections.map((each, index) =>
      each.bindQueries?.(queries.slice(index * share, (index + 1) * share)),
    )
    return (await Promise.all(answers)).flatMap((bound) => bound ?? [])
  }

  #readyFrom(position: number, { readiness }: Around): readonly RunnableNode[] {
    const { manifest, order } = this.#input
    const ready: RunnableNode[] = []
    for (this.#next = position; this.#next < order.length && ready.length < AT_ONCE; this.#next++) {
      const node = manifest.nodes.get(order[this.#next]!)
      const how = node ? readiness(node) : 'leave'
      if (how === 'wait') break
      if (node && how === 'ready') ready.push(node)
    }
    this.#next = Math.max(this.#next, position + 1)
    return ready
  }

  #render(node: RunnableNode, { readAs, stands, before }: Around): Asked {
    const question = firstQuestion(node, this.#input.standIn)
    const turn = Promise.withResolvers<void>()
    const waits = Promise.withResolvers<undefined>()
    const rendered = this.#input.compile(node, {
      ...question.how,
      readAs,
      turn: async (columnsOf) => {
        if (columnsOf && stands(columnsOf)) return await before()
        waits.resolve(undefined)
        await turn.promise
      },
    })
    // What is wrong is told at its turn.
    const early = Promise.race([rendered.catch(() => undefined), waits.promise])
    return { question, rendered, giveTurn: turn.resolve, early }
  }
}

interface Asked extends Omit<Ahead<RunnableNode>, 'bound'> {
  readonly question: Question<RunnableNode>
  /** Undefined where rendering fails, or has to wait. */
  readonly early: Promise<Rendered<RunnableNode> | undefined>
}
