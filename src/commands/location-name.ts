import { isAbsolute, relative } from 'node:path'

/** What a database is called in messages: a file of the project by its path in it. */
export function locationName(location: string, root: string): string {
  const path = relative(root, location)
  return isAbsolute(location) && !path.startsWith('..') ? path : location
}
