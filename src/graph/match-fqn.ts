import { hasWildcard, wildcard } from './wildcard.ts'

/** Whether a value of the method `fqn` means a node, with its package in front or without. */
export function matchesFqn(fqn: readonly string[], value: string): boolean {
  return matchesQualifiedName(fqn, value) || matchesQualifiedName(fqn.slice(1), value)
}

/** The leaf itself, or a prefix of the folders; from the first wildcard on, a pattern for all the rest. */
function matchesQualifiedName(fqn: readonly string[], value: string): boolean {
  const leaf = fqn.at(-1) ?? ''
  if (leaf === value) return true
  // Dots in a name separate like folders.
  const path = fqn.flatMap((part) => part.split('.'))
  const wanted = value.split('.')
  if (path.length < wanted.length) return false
  for (const [index, part] of wanted.entries()) {
    if (hasWildcard(part)) {
      const matchesRest = wildcard(wanted.slice(index).join('.'))(path.slice(index).join('.'))
      return matchesRest || (wanted.length === 1 && wildcard(value)(leaf))
    }
    if (path[index] !== part) return false
  }
  return true
}
