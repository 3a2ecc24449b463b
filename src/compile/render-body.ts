import {
  atUsersPlace,
  createNodeScope,
  createSyncNodeScope,
  genericTestTree,
  type NodeScopeInput,
  relocated,
  relocatedText,
  renderTestArguments,
  TEST_ARGUMENTS,
} from '../context/index.ts'
import { invariant } from '../diagnostics/errors.ts'
import type { DataTest, GenericTest } from '../manifest/nodes.ts'
import type { Relation } from '../sql/relation.ts'
import { type Rendered, renderAsync, type TemplateTree } from '../template/index.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { RenderedBody } from './compile-input.ts'

type BodyInput = Omit<NodeScopeInput, 'onEphemeral'>

/** Renders a template with a node's names, and notes which ephemeral models and candidates it names. */
export function renderBody(tree: TemplateTree, input: BodyInput): Promise<RenderedBody> {
  return noting(input, (scopeInput) => renderAsync(tree, createNodeScope(scopeInput)))
}

/** Renders a generic test: its arguments first, then the call of its macro. The text leads into the macro's file. */
export function renderGenericTest(test: DataTest, generic: GenericTest, input: BodyInput): Promise<RenderedBody> {
  const macro = input.manifest.macros.get(generic.macro)
  invariant(macro, `the macro ${generic.macro} of ${test.id} is not in the manifest`)
  const tree = genericTestTree(macro)
  return noting(input, async (scopeInput) => {
    const values = renderTestArguments(generic.kwargs, createSyncNodeScope(scopeInput), test.place)
    const scope = createNodeScope({ ...scopeInput, extra: { ...scopeInput.extra, [TEST_ARGUMENTS]: values } })
    try {
      return relocatedText(await renderAsync(tree, scope), tree.file, test.place)
    } catch (error) {
      throw relocated(error, tree.file, test.place)
    }
  })
}

async function noting(input: BodyInput, render: (input: NodeScopeInput) => Promise<Rendered>): Promise<RenderedBody> {
  const ephemerals = new Set<UniqueId>()
  const physicalNames = new Map<string, string>()
  const note = (relation: Relation): Relation => {
    const { physical, identifier, quoting } = relation
    if (physical === undefined) return relation
    physicalNames.set(physical, identifier)
    // A candidate's name is always quoted; the published one as the user wants it.
    if (quoting?.identifier === false) physicalNames.set(input.project.dialect.quote(physical), identifier)
    return relation
  }
  const { thisRelation } = input
  try {
    const rendered = await render({
      ...input,
      ...(thisRelation ? { thisRelation: note(thisRelation) } : {}),
      relationOf: (id) => note(input.relationOf(id)),
      onEphemeral: (id) => ephemerals.add(id),
    })
    return { rendered, ephemerals: [...ephemerals], physicalNames }
  } catch (error) {
    throw atUsersPlace(error)
  }
}
