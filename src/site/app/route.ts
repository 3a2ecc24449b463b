import type { Chosen } from './reports/choose.ts'

/** What the page shows, as its address says after the `#`. Every one can be shared as a link. */
export type Route =
  | { readonly page: 'overview' }
  | { readonly page: 'node'; readonly id: string; readonly column?: string }
  | ({ readonly page: 'graph' } & GraphRoute)
  | { readonly page: 'runs' }
  | { readonly page: 'run'; readonly id: string }
  | { readonly page: 'reports' }
  | { readonly page: 'report'; readonly name: string; readonly chosen: Chosen }
  | { readonly page: 'tests' }
  | { readonly page: 'findings' }
  | { readonly page: 'search'; readonly text: string }
  | { readonly page: 'unknown' }

/** What of the graph is shown. */
export interface GraphRoute {
  /** In the grammar of `--select`. */
  readonly select?: string
  readonly folder?: string
  readonly tag?: string
  /** The node that is looked at. */
  readonly node?: string
  /** The column of that node that is followed. */
  readonly column?: string
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const parameters = new URLSearchParams(query)
  const [page = '', ...rest] = path.split('/')
  const id = decoded(rest.join('/'))
  switch (page) {
    case '':
      return { page: 'overview' }
    case 'node':
      return { page: 'node', id, ...given(parameters, ['column']) }
    case 'graph':
      return { page: 'graph', ...given(parameters, ['select', 'folder', 'tag', 'node', 'column']) }
    case 'runs':
      return id === '' ? { page: 'runs' } : { page: 'run', id }
    case 'reports':
      return id === '' ? { page } : { page: 'report', name: id, chosen: Object.fromEntries(parameters) }
    case 'tests':
    case 'findings':
      return { page }
    case 'search':
      return { page: 'search', text: parameters.get('text') ?? '' }
    default:
      return { page: 'unknown' }
  }
}

/** The address of a route, as a link has it. */
export function hrefOf(route: Route): string {
  switch (route.page) {
    case 'overview':
    case 'unknown':
      return '#/'
    case 'node':
      return `#/node/${encodeURIComponent(route.id)}${queryOf({ column: route.column })}`
    case 'graph': {
      const { page: _, ...parameters } = route
      return `#/graph${queryOf({ ...parameters })}`
    }
    case 'run':
      return `#/runs/${encodeURIComponent(route.id)}`
    case 'report':
      return `#/reports/${encodeURIComponent(route.name)}${queryOfChosen(route.chosen)}`
    case 'search':
      return `#/search${queryOf({ text: route.text })}`
    default:
      return `#/${route.page}`
  }
}

function given<Name extends string>(
  parameters: URLSearchParams,
  names: readonly Name[],
): { readonly [N in Name]?: string } {
  const found = names.flatMap((name) => {
    const value = parameters.get(name)
    return value === null || value === '' ? [] : [[name, value] as const]
  })
  return Object.fromEntries(found) as { readonly [N in Name]?: string } // the names are those asked for
}

function queryOf(parameters: Readonly<Record<string, string | undefined>>): string {
  const written = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`${name}=${encodeURIComponent(value)}`],
  )
  return written.length === 0 ? '' : `?${written.join('&')}`
}

/** What was chosen may be an empty value. */
function queryOfChosen(chosen: Chosen): string {
  const query = Object.entries(chosen).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  )
  return query.length === 0 ? '' : `?${query.join('&')}`
}

/** A link that was cut off in the middle of a character is taken as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
