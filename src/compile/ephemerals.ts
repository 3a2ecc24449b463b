import { ephemeralName } from '../context/index.ts'
import { invariant } from '../diagnostics/errors.ts'
import type { Model } from '../manifest/nodes.ts'
import type { Rendered } from '../template/index.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { CompileTextInput, RenderedBody } from './compile-input.ts'
import { type InlinedEphemeral, inlineEphemerals } from './inline-ephemerals.ts'
import { renderBody } from './render-body.ts'

/** A whole query, and every candidate that it may name. */
export interface InlinedQuery {
  readonly rendered: Rendered
  readonly physicalNames: ReadonlyMap<string, string>
}

/** Puts the ephemeral models that a query reads in front of it, each after those that it reads itself, each once. */
export async function withEphemerals(body: RenderedBody, input: CompileTextInput): Promise<InlinedQuery> {
  const inlined = new Map<UniqueId, InlinedEphemeral>()
  const physicalNames = new Map(body.physicalNames)

  async function add(id: UniqueId): Promise<void> {
    if (inlined.has(id)) return
    const model = ephemeralModel(id, input)
    const own = await bodyOf(model, input)
    for (const before of own.ephemerals) await add(before)
    for (const [physical, published] of own.physicalNames) physicalNames.set(physical, published)
    inlined.set(id, { name: ephemeralName(model), rendered: own.rendered })
  }

  for (const id of body.ephemerals) await add(id)
  return { rendered: inlineEphemerals(body.rendered, [...inlined.values()]), physicalNames }
}

function ephemeralModel(id: UniqueId, { manifest }: CompileTextInput): Model {
  const node = manifest.nodes.get(id)
  invariant(node?.kind === 'model', `the ephemeral model ${id} is not in the manifest`)
  return node
}

/** The SQL of an ephemeral model, rendered once a run. A model that failed is tried again by the next one that reads it. */
function bodyOf(model: Model, input: CompileTextInput): Promise<RenderedBody> {
  const known = input.ephemerals.get(model.id)
  if (known) return known
  const { thisRelation: _, extra: __, ephemerals, ...shared } = input
  const body = renderBody(model.tree, { ...shared, node: model, isIncremental: false })
  ephemerals.set(model.id, body)
  body.catch(() => ephemerals.delete(model.id))
  return body
}
