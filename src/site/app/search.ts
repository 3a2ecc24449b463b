import MiniSearch from 'minisearch'
import type { SiteNode, SiteSearchText } from '../site-data.ts'

export interface Found {
  readonly node: number
  /** The fields that the words were found in. */
  readonly fields: readonly SearchField[]
}

export type SearchField = 'name' | 'columns' | 'tags' | 'description' | 'code'

export interface SearchIndex {
  find(text: string): readonly Found[]
}

/** An index over everything that has a page. Names count most, SQL least; the text of a column counts as description. */
export async function makeSearchIndex(
  nodes: readonly SiteNode[],
  texts: readonly SiteSearchText[],
): Promise<SearchIndex> {
  const engine = new MiniSearch<{ readonly id: number } & Readonly<Record<SearchField, string>>>({
    fields: ['name', 'columns', 'tags', 'description', 'code'],
    tokenize,
    processTerm: fold,
    searchOptions: {
      boost: { name: 8, columns: 3, tags: 3, description: 2, code: 0.5 },
      prefix: true,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      combineWith: 'AND',
    },
  })
  await engine.addAllAsync(
    nodes.map((node, id) => ({
      id,
      name: `${node.name} ${node.id}`,
      columns: node.columns.join(' '),
      tags: node.tags.join(' '),
      description: `${texts[id]?.description ?? ''}\n${texts[id]?.columns ?? ''}`,
      code: texts[id]?.code ?? '',
    })),
    { chunkSize: 200 },
  )
  return {
    find: (text) => {
      const wanted = text.trim().toLowerCase()
      if (wanted === '') return []
      const results = engine.search(text, {
        // The name itself stands above names that only contain it.
        boostDocument: (id) => (nodes[Number(id)]?.name.toLowerCase() === wanted ? 10 : 1),
      })
      return results.map(({ id, match }) => ({
        node: Number(id),
        fields: [...new Set(Object.values(match).flat())] as readonly SearchField[], // the fields are those named above
      }))
    },
  }
}

/** Identifiers are several words. */
function tokenize(text: string): string[] {
  return text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
}

/** Without case and accents: `notificacao` finds `Notificação`. */
function fold(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
