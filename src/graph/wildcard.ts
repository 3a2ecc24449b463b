/** Matches names as Python's `fnmatch` does: `*`, `?`, `[abc]`, `[!abc]`; case counts, dots are ordinary. */
export function wildcard(pattern: string): (text: string) => boolean {
  if (!hasWildcard(pattern)) return (text) => text === pattern
  const expression = new RegExp(`^${translate(pattern, { any: '[^]*', one: '[^]' })}$`, 'u')
  return (text) => expression.test(text)
}

/** Matches paths with forward slashes: as `wildcard`, but only `**` crosses folders. */
export function pathWildcard(pattern: string): (path: string) => boolean {
  const folders = pattern.split('/').map((part) => translate(part, { any: '[^/]*', one: '[^/]' }))
  // A "**" stands for any number of folders, also none.
  const source = pattern.split('/').reduce((text, part, index) => {
    const isLast = index === folders.length - 1
    if (part === '**') return text + (isLast ? '[^]*' : '(?:[^/]+/)*')
    return text + folders[index] + (isLast ? '' : '/')
  }, '')
  const expression = new RegExp(`^${source}$`, 'u')
  return (path) => expression.test(path)
}

export function hasWildcard(text: string): boolean {
  return /[*?[\]]/.test(text)
}

function translate(pattern: string, as: { readonly any: string; readonly one: string }): string {
  // A "]" right behind "[" or "[!" belongs to the set; a "[" that is never closed is itself.
  return pattern.replace(/\*+|\?|\[(!?)(\]?[^\]]*)\]|[^*?]/gsu, (found, not?: string, set?: string) => {
    if (found.startsWith('*')) return as.any
    if (found === '?') return as.one
    if (set === undefined) return found.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&')
    return `[${not === '!' ? '^' : ''}${set.replace(/[\\^[\]]/g, '\\$&')}]`
  })
}
