/** A name as names are compared: without the quotes around it, in lower case. */
export function plainName(name: string): string {
  return name.replace(/^"(.*)"$/, '$1').toLowerCase()
}

/** Whether two names, neither in quotes, are one to an engine that ignores case. */
export function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
