import type { ProjectContext } from '../context/index.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { collecting, stopOnErrors } from '../diagnostics/errors.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import type { Quoting } from '../sql/relation.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { Manifest } from './manifest.ts'
import type { DataTest, Exposure, Operation, References, RunnableNode, Source } from './nodes.ts'
import type { Panel } from './panel.ts'
import type { DescribedName, ParsedDataTest, ParsedNode, ParsedProject } from './parse/parsed.ts'
import { createReferenceIndex, type ReferenceIndex } from './reference-index.ts'
import { relationOf, sourceRelation } from './relations.ts'
import { type Referring, resolveReferences, unreachedReferences } from './resolve-references.ts'

interface Resolution {
  readonly project: ProjectContext
  readonly quoting: Partial<Quoting>
  readonly index: ReferenceIndex
  readonly problems: Diagnostic[]
}

/** Makes names into ids and nodes into relations. Throws `UserError` with every name that nothing has. */
export function resolve(parsed: ParsedProject, project: ProjectContext, quoting: Partial<Quoting>): Manifest {
  const index = createReferenceIndex(parsed)
  const problems: Diagnostic[] = [...checkDescribed(parsed)]
  const resolution: Resolution = { project, quoting, index, problems }
  const nodes = new Map<UniqueId, RunnableNode>()
  const disabled: RunnableNode[] = []
  for (const parsedNode of parsed.nodes) {
    const { node, isEnabled } = resolveNode(resolution, parsedNode)
    if (!node) continue
    if (isEnabled) nodes.set(node.id, node)
    else disabled.push(node)
  }
  const sources = parsed.sources
    .filter(({ config }) => config.enabled)
    .map((source): Source => resolveSource(resolution, source))
  const operations = parsed.operations.map(
    (operation): Operation => ({ ...operation, ...referencesOf(resolution, operation) }),
  )
  const exposures = parsed.exposures
    .filter(({ enabled }) => enabled)
    .map((exposure) => resolveExposure(resolution, exposure))
  const warnings = stopOnErrors(problems)
  return {
    project: { name: project.name, version: project.version, root: project.root },
    nodes,
    sources: byId(sources),
    exposures: byId(exposures),
    macros: byId(parsed.macros),
    operations,
    disabled,
    docs: parsed.docs,
    warnings: [...parsed.warnings, ...warnings],
  }
}

interface ResolvedNode {
  readonly node: RunnableNode | undefined
  readonly isEnabled: boolean
}

function resolveNode(resolution: Resolution, parsed: ParsedNode): ResolvedNode {
  const { enabled } = parsed.config
  if (parsed.kind === 'test') return resolveTest(resolution, parsed)
  const references = referencesOf(
    resolution,
    parsed.kind === 'seed' ? { ...parsed, ...parsed.references } : parsed,
    enabled,
  )
  const hasRelation =
    parsed.kind !== 'model' || (parsed.config.materialized !== 'ephemeral' && !parsed.config.per_value)
  const relation = hasRelation
    ? collecting(resolution.problems, () => relationOf(resolution.project, parsed, resolution.quoting))
    : undefined
  if (hasRelation && !relation) return { node: undefined, isEnabled: enabled }
  return { node: nodeWith(parsed, references, relation), isEnabled: enabled }
}

function nodeWith(
  parsed: Exclude<ParsedNode, ParsedDataTest>,
  references: References,
  relation: Source['relation'] | undefined,
): RunnableNode | undefined {
  if (parsed.kind === 'model') {
    const { below: _, ...model } = parsed
    return { ...model, ...references, ...(relation ? { relation } : {}) }
  }
  if (!relation) return undefined
  if (parsed.kind === 'seed') {
    const { below: _, references: __, ...seed } = parsed
    return { ...seed, relation }
  }
  const { below: _, ...snapshot } = parsed
  return { ...snapshot, ...references, relation }
}

/** A test of something that is disabled is disabled too; a test of something that is not there is a mistake. */
function resolveTest(resolution: Resolution, parsed: ParsedDataTest): ResolvedNode {
  const { below: _, generic, ...test } = parsed
  const attached = generic && attachedId(resolution, generic.attachedTo)
  // That its target is not there was said once, of the properties.
  if (generic && attached === undefined) return { node: undefined, isEnabled: false }
  const resolved = resolveReferences(parsed, resolution.index)
  const isEnabled = parsed.config.enabled && !resolved.reachesDisabled
  if (isEnabled) resolution.problems.push(...resolved.problems, ...unreached(resolution, parsed))
  const node: DataTest = {
    ...test,
    ...resolved.references,
    config: { ...parsed.config, enabled: isEnabled },
    ...(generic && attached ? { generic: { ...generic, attachedTo: attached } } : {}),
  }
  return { node, isEnabled }
}

function attachedId(
  { index }: Resolution,
  target: NonNullable<ParsedDataTest['generic']>['attachedTo'],
): UniqueId | undefined {
  const found =
    target.kind === 'node' ? index.ref(target) : index.source({ source: target.source, table: target.table })
  return found.kind === 'missing' ? undefined : found.item.id
}

function referencesOf(resolution: Resolution, node: Referring, isEnabled = true): References {
  const { references, problems } = resolveReferences(node, resolution.index)
  if (isEnabled) resolution.problems.push(...problems, ...unreached(resolution, node))
  return references
}

function unreached({ index }: Resolution, node: Referring): readonly Diagnostic[] {
  return unreachedReferences(node, index)
}

function resolveSource(resolution: Resolution, parsed: ParsedProject['sources'][number]): Source {
  const relation = sourceRelation(resolution.project, parsed, resolution.quoting)
  const { database: _, schema: __, identifier: ___, ...source } = parsed
  return { ...source, relation }
}

function resolveExposure(resolution: Resolution, parsed: ParsedProject['exposures'][number]): Exposure {
  const { dependsOn } = referencesOf(resolution, { ...parsed, macros: [] })
  const { refs: _, sources: __, enabled: ___, ...exposure } = parsed
  const panels = parsed.panels.flatMap(({ model, ...panel }): readonly Panel[] => {
    const found = resolution.index.ref(model)
    // A ref that nothing has was told with the others.
    return found.kind === 'found' ? [{ ...panel, model: found.id }] : []
  })
  return { ...exposure, kind: 'exposure', dependsOn, panels }
}

/** Properties of a node that is not there: a warning, as in dbt, because a project may keep more words than models. */
function checkDescribed({ described, nodes }: ParsedProject): readonly Diagnostic[] {
  const namesOf = (areTests: boolean) =>
    new Set(nodes.filter((node) => (node.kind === 'test') === areTests).map((node) => node.name))
  const tests = namesOf(true)
  const others = namesOf(false)
  return described.flatMap((found) => {
    const names = found.kind === 'data test' ? tests : others
    return names.has(found.name) ? [] : [nothingToDescribe(found, names)]
  })
}

function nothingToDescribe({ kind, name, place, tests }: DescribedName, names: ReadonlySet<string>): Diagnostic {
  const hint = didYouMean(name, names)
  const lost = tests === 0 ? '' : ` Its ${tests === 1 ? 'data test is' : `${tests} data tests are`} not run.`
  return {
    code: tests === 0 ? 'properties-without-node' : 'test-target-not-found',
    severity: 'warning',
    message: `There is no ${kind} named "${name}".${lost}`,
    place,
    ...(hint === undefined ? {} : { hint }),
  }
}

function byId<Item extends { readonly id: UniqueId }>(items: readonly Item[]): ReadonlyMap<UniqueId, Item> {
  return new Map(items.map((item) => [item.id, item]))
}
