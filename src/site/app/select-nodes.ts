import { matchesFqn } from '../../graph/match-fqn.ts'
import { type Criterion, parseSelector, type Selector } from '../../graph/selector.ts'
import { pathWildcard, wildcard } from '../../graph/wildcard.ts'
import type { SiteNode } from '../site-data.ts'
import { foldersOf, type Project } from './project.ts'

/** What a selection in the grammar of `--select` means on the page, or why it means nothing. */
export type Selected =
  | { readonly ok: true; readonly ids: ReadonlySet<string> }
  | { readonly ok: false; readonly reason: 'syntax' | 'method'; readonly message: string }

/**
 * Applies a selection to the nodes that have pages. The grammar is that of the command line; methods that look at tests, at
 * earlier runs or at settings that the page does not know are refused with their name.
 */
export function selectNodes(project: Project, text: string): Selected {
  if (text.trim() === '') return { ok: true, ids: new Set(project.nodes.map(({ id }) => id)) }
  try {
    return { ok: true, ids: resolve(project, parseSelector({ select: [text] })) }
  } catch (error) {
    if (error instanceof UnknownMethod) return { ok: false, reason: 'method', message: error.method }
    return { ok: false, reason: 'syntax', message: error instanceof Error ? error.message : String(error) }
  }
}

class UnknownMethod extends Error {
  readonly method: string

  constructor(method: string) {
    super(method)
    this.method = method
  }
}

function resolve(project: Project, selector: Selector): ReadonlySet<string> {
  switch (selector.kind) {
    case 'everything':
      return new Set(project.nodes.map(({ id }) => id))
    case 'criterion':
      return reached(project, selector)
    case 'union':
      return new Set(selector.parts.flatMap((part) => [...resolve(project, part)]))
    case 'intersection': {
      const [first = new Set<string>(), ...others] = selector.parts.map((part) => resolve(project, part))
      return new Set([...first].filter((id) => others.every((other) => other.has(id))))
    }
    case 'difference': {
      const without = resolve(project, selector.without)
      return new Set([...resolve(project, selector.from)].filter((id) => !without.has(id)))
    }
  }
}

function reached({ nodes, dag }: Project, criterion: Criterion): ReadonlySet<string> {
  const isMatch = matcherOf(criterion)
  const found = nodes.filter(isMatch).map(({ id }) => id)
  const ids = new Set(found)
  const add = (more: readonly string[]) => {
    for (const id of more) ids.add(id)
  }
  if (criterion.withChildrensParents) {
    add(dag.descendants(found))
    add(dag.ancestors([...ids]))
  }
  if (criterion.parents !== undefined) add(dag.ancestors(found, criterion.parents))
  if (criterion.children !== undefined) add(dag.descendants(found, criterion.children))
  return ids
}

function matcherOf({ method, args, value }: Criterion): (node: SiteNode) => boolean {
  const matches = wildcard(value)
  switch (method) {
    case 'fqn':
      return (node) => node.kind !== 'source' && matchesFqn(node.fqn, value)
    case 'tag':
      return ({ tags }) => tags.some(matches)
    case 'path': {
      const isPath = pathWildcard(value.replaceAll('\\', '/').replace(/^(\.\/)+|\/+$/g, ''))
      return ({ path, patchPath }) =>
        [path, ...(patchPath === undefined ? [] : [patchPath])].some((own) => [own, ...foldersOf(own)].some(isPath))
    }
    case 'file':
      return ({ path }) => {
        const name = path.slice(path.lastIndexOf('/') + 1)
        return matches(name) || matches(name.replace(/\.[^.]*$/, ''))
      }
    case 'package':
      return (node) => matches(node.package)
    case 'resource_type':
      return ({ kind }) => kind === value
    case 'source': {
      const parts = value.split('.')
      const [source = '*', table = '*'] = parts.length === 3 ? parts.slice(1) : parts
      const [isSource, isTable] = [wildcard(source), wildcard(table)]
      return ({ kind, name }) => {
        const dot = name.indexOf('.')
        return kind === 'source' && isSource(name.slice(0, dot)) && isTable(name.slice(dot + 1))
      }
    }
    case 'exposure': {
      const isName = wildcard(value.slice(value.lastIndexOf('.') + 1))
      return ({ kind, name }) => kind === 'exposure' && isName(name)
    }
    case 'group':
      return ({ group }) => group !== undefined && matches(group)
    case 'config':
      if (args.join('.') === 'materialized') return ({ materialized }) => materialized === value
      throw new UnknownMethod(`config.${args.join('.')}`)
    default:
      throw new UnknownMethod(method)
  }
}
