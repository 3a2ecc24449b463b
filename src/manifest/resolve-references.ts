import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem } from '../diagnostics/errors.ts'
import { didYouMean, suggest } from '../diagnostics/suggest.ts'
import { type ScannedCall, type ScannedValue, scanCalls, type TemplateTree } from '../template/index.ts'
import type { Span } from '../text/source-file.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { NamedReferences, RefCall, References, SourceCall } from './nodes.ts'
import type { Found, ReferenceIndex } from './reference-index.ts'

/** What refers: its references by name, and its template, which tells exact places. */
export interface Referring extends NamedReferences {
  readonly place: Span
  readonly tree?: TemplateTree
}

/** What a node refers to, as ids, and the problems of what it does not find. */
export interface ResolvedReferences {
  readonly references: References
  readonly problems: readonly Diagnostic[]
  /** True when it refers to something that is disabled. */
  readonly reachesDisabled: boolean
}

export function resolveReferences(node: Referring, index: ReferenceIndex): ResolvedReferences {
  const refs = resolveCalls(distinct(node.refs), (call) => index.ref(call), {
    disabled: (call, item) => refDisabled(node, call, item.configPlaces.get('enabled') ?? item.place),
    missing: (call) => refNotFound(node, call, index),
  })
  const sources = resolveCalls(distinct(node.sources), (call) => index.source(call), {
    disabled: (call, item) => sourceDisabled(node, call, item.place),
    missing: (call) => sourceNotFound(node, call, index),
  })
  const ids = [...refs.resolved, ...sources.resolved].map(({ id }) => id)
  return {
    references: {
      refs: refs.resolved,
      sources: sources.resolved,
      macros: node.macros,
      dependsOn: [...new Set(ids)],
    },
    problems: [...refs.problems, ...sources.problems],
    reachesDisabled: refs.reachesDisabled || sources.reachesDisabled,
  }
}

/** Each call once, the first of equal ones: calls are equal when they name the same, wherever they stand. */
function distinct<Call extends RefCall | SourceCall>(calls: readonly Call[]): readonly Call[] {
  const byNames = new Map<string, Call>()
  for (const call of calls) {
    const { place: _, ...names } = call
    const key = JSON.stringify(names)
    if (!byNames.has(key)) byNames.set(key, call)
  }
  return [...byNames.values()]
}

function resolveCalls<Call, Item>(
  calls: readonly Call[],
  find: (call: Call) => Found<Item>,
  explain: {
    readonly disabled: (call: Call, item: Item) => Diagnostic
    readonly missing: (call: Call) => Diagnostic
  },
) {
  const resolved: { readonly call: Call; readonly id: UniqueId }[] = []
  const problems: Diagnostic[] = []
  let reachesDisabled = false
  for (const call of calls) {
    const found = find(call)
    if (found.kind === 'found') resolved.push({ call, id: found.id })
    else if (found.kind === 'missing') problems.push(explain.missing(call))
    else {
      reachesDisabled = true
      problems.push(explain.disabled(call, found.item))
    }
  }
  return { resolved, problems, reachesDisabled }
}

/** Warnings for literal refs and source calls in branches that parsing did not reach, whose names nothing has. */
export function unreachedReferences(node: Referring, index: ReferenceIndex): readonly Diagnostic[] {
  if (!node.tree) return []
  const reached = new Set([...node.refs.map(({ name }) => name), ...node.sources.map(({ table }) => table)])
  const found: Diagnostic[] = []
  for (const call of scanCalls(node.tree, new Set(['ref', 'source']))) {
    const names = call.args.map((argument) => (argument.kind === 'literal' ? argument.value : undefined))
    if (!names.every((name) => typeof name === 'string') || reached.has(names.at(-1) ?? '')) continue
    const problem = unreached(node, call, names, index)
    if (problem) found.push({ ...problem, severity: 'warning' })
  }
  return found
}

function unreached(
  node: Referring,
  { name, place }: ScannedCall,
  names: readonly string[],
  index: ReferenceIndex,
): Diagnostic | undefined {
  const [first, second] = names
  if (first === undefined || names.length > 2) return undefined
  if (name === 'source') {
    if (second === undefined) return undefined
    const call = { source: first, table: second, place }
    return index.source(call).kind === 'missing' ? sourceNotFound(node, call, index) : undefined
  }
  const call = second === undefined ? { name: first, place } : { package: first, name: second, place }
  return index.ref(call).kind === 'missing' ? refNotFound(node, call, index) : undefined
}

function refNotFound(node: Referring, call: RefCall, index: ReferenceIndex): Diagnostic {
  if (call.version !== undefined) return versionNotFound(node, call)
  const place = argumentPlace(node, call.place, -1)
  if (call.package !== undefined && !index.packages.has(call.package)) {
    return problem('package-not-found', `There is no package "${call.package}".`, {
      place: argumentPlace(node, call.place, 0),
      hint: didYouMean(call.package, index.packages) ?? 'leave the package out to refer to a model of this project',
    })
  }
  const near = suggest(call.name, index.refNames.keys())
  const file = near === undefined ? undefined : index.refNames.get(near)?.file.path
  const where = call.package === undefined ? '' : ` in the package "${call.package}"`
  return problem('ref-not-found', `There is no model, seed or snapshot named "${call.name}"${where}.`, {
    place,
    ...(near === undefined ? {} : { hint: `did you mean "${near}" (${file})?` }),
  })
}

function versionNotFound(node: Referring, { name, version, place }: RefCall): Diagnostic {
  return problem(
    'ref-version-not-found',
    `There is no version ${version} of "${name}": models have no versions here.`,
    {
      place: place ?? node.place,
      hint: `write ref('${name}')`,
    },
  )
}

function refDisabled(node: Referring, call: RefCall, disabledAt: Span): Diagnostic {
  return problem('ref-disabled', `"${call.name}" is disabled, so nothing can refer to it.`, {
    place: argumentPlace(node, call.place, -1),
    related: [{ message: `is where "${call.name}" is disabled`, place: disabledAt }],
  })
}

function sourceNotFound(node: Referring, call: SourceCall, index: ReferenceIndex): Diagnostic {
  const name = `${call.source}.${call.table}`
  const near = suggest(name, index.sourceNames)?.split('.')
  return problem('source-not-found', `There is no source "${name}".`, {
    place: argumentsPlace(node, call.place),
    ...(near ? { hint: `did you mean source('${near[0]}', '${near.slice(1).join('.')}')?` } : {}),
  })
}

function sourceDisabled(node: Referring, call: SourceCall, disabledAt: Span): Diagnostic {
  return problem('source-disabled', `The source "${call.source}.${call.table}" is disabled, so nothing can read it.`, {
    place: argumentsPlace(node, call.place),
    related: [{ message: 'is where it is defined', place: disabledAt }],
  })
}

/** The place of one argument of a call in the node's own template; the call's, where it stands elsewhere. */
function argumentPlace(node: Referring, call: Span | undefined, index: number): Span {
  return scannedArguments(node, call)?.at(index)?.place ?? call ?? node.place
}

/** From the first argument to the last. */
function argumentsPlace(node: Referring, call: Span | undefined): Span {
  const args = scannedArguments(node, call)
  const [first, last] = [args?.at(0), args?.at(-1)]
  return first && last ? { ...first.place, end: last.place.end } : (call ?? node.place)
}

function scannedArguments(node: Referring, call: Span | undefined): readonly ScannedValue[] | undefined {
  if (!node.tree || !call || call.file !== node.tree.file) return undefined
  const calls = scanCalls(node.tree, new Set(['ref', 'source']))
  return calls.find(({ place }) => place.start === call.start)?.args
}
