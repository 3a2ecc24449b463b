import type { Manifest } from '../../manifest/manifest.ts'
import type { Operation, RefCall, RunnableNode, SourceCall } from '../../manifest/nodes.ts'
import {
  type Arguments,
  type CallSite,
  type HostCallable,
  hostFunction,
  isUndefined,
  type KeywordArguments,
  str,
} from '../../template/index.ts'
import type { UniqueId } from '../../text/unique-id.ts'
import { referenceInvalid, refNotDeclared, refNotFound, sourceNotDeclared, sourceNotFound } from '../problems.ts'

/** `ref(…)` with what it says read out. */
export function refFunction(answer: (ref: RefCall, call: CallSite) => unknown): HostCallable {
  return hostFunction('ref', (args, kwargs, call) => answer(readRef(args, kwargs, call), call))
}

/** `source(…)` with what it says read out. */
export function sourceFunction(answer: (source: SourceCall, call: CallSite) => unknown): HostCallable {
  return hostFunction('source', (args, kwargs, call) => answer(readSource(args, kwargs, call), call))
}

function readRef(args: Arguments, kwargs: KeywordArguments, call: CallSite): RefCall {
  if (args.length < 1 || args.length > 2) {
    referenceInvalid(call, 'ref', `ref() takes one or two names, and ${args.length} were given.`)
  }
  for (const key of kwargs.keys()) {
    if (key !== 'v' && key !== 'version') referenceInvalid(call, 'ref', `ref() has no argument named "${key}".`)
  }
  const names = args.map((value) => nameIn(value, 'ref', call))
  const [first, second] = names
  const version = kwargs.get('v') ?? kwargs.get('version')
  return {
    ...(second === undefined ? {} : { package: first! }),
    name: second ?? first!,
    ...(isUndefined(version) || version === null ? {} : { version: str(version) }),
    place: call.place,
  }
}

function readSource(args: Arguments, kwargs: KeywordArguments, call: CallSite): SourceCall {
  if (args.length !== 2 || kwargs.size > 0) {
    referenceInvalid(call, 'source', `source() takes two names, and ${args.length + kwargs.size} were given.`)
  }
  const [source, table] = args.map((value) => nameIn(value, 'source', call))
  return { source: source!, table: table!, place: call.place }
}

function nameIn(value: unknown, functionName: 'ref' | 'source', call: CallSite): string {
  if (typeof value === 'string') return value
  return referenceInvalid(call, functionName, `The names that ${functionName}() takes are strings.`)
}

type ReferringNode = RunnableNode | Operation

/** The id of a `ref` that was reached while running. Fails where parsing did not reach it. */
export function resolveRef(node: ReferringNode, manifest: Manifest, ref: RefCall, call: CallSite): UniqueId {
  const refs = node.kind === 'seed' ? [] : node.refs
  const known = refs.find(
    (each) => each.call.name === ref.name && each.call.package === ref.package && each.call.version === ref.version,
  )
  if (known) return known.id
  const named = [...manifest.nodes.values()].filter((other) => {
    return other.kind !== 'test' && other.name === ref.name && (ref.package ?? other.package) === other.package
  })
  // A hook may name the node that it belongs to.
  const declared = named.find(
    (other) => other.id === node.id || (node.kind !== 'seed' && node.dependsOn.includes(other.id)),
  )
  if (declared) return declared.id
  if (named.length > 0) return refNotDeclared(call, ref, node.name)
  return refNotFound(call, ref, namesOfNodes(manifest))
}

/** The id of a `source` that was reached while running. Fails where parsing did not reach it. */
export function resolveSource(node: ReferringNode, manifest: Manifest, source: SourceCall, call: CallSite): UniqueId {
  const sources = node.kind === 'seed' ? [] : node.sources
  const known = sources.find((each) => each.call.source === source.source && each.call.table === source.table)
  if (known) return known.id
  const all = [...manifest.sources.values()]
  const isThere = all.some((other) => other.sourceName === source.source && other.name === source.table)
  if (isThere) return sourceNotDeclared(call, source.source, source.table, node.name)
  return sourceNotFound(
    call,
    source.source,
    source.table,
    all.map((other) => `${other.sourceName}.${other.name}`),
  )
}

function* namesOfNodes(manifest: Manifest): Iterable<string> {
  for (const node of manifest.nodes.values()) if (node.kind !== 'test') yield node.name
}
