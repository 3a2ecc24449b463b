import { useEffect, useState } from 'preact/hooks'
import { usePage } from './context.ts'
import { load } from './data.ts'
import type { Project } from './project.ts'
import { makeSearchIndex, type SearchIndex } from './search.ts'

let making: Promise<SearchIndex> | undefined

/** The index, made once when it is first wanted; undefined until then. */
export function useSearch(isWanted: boolean): SearchIndex | undefined {
  const { project } = usePage()
  const [index, setIndex] = useState<SearchIndex>()
  useEffect(() => {
    if (!isWanted) return
    let isHere = true
    making ??= make(project)
    making.then((made) => isHere && setIndex(made))
    return () => {
      isHere = false
    }
  }, [isWanted])
  return index
}

async function make({ nodes }: Project): Promise<SearchIndex> {
  // Without the file of texts, names are found all the same.
  const texts = await load('search').catch(() => [])
  return await makeSearchIndex(nodes, texts)
}
