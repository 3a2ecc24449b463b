import type { Flags } from './flags.ts'

/** Whether nothing is left out: what is written of a project is written of all of it. */
export function isWhole({ select, exclude, resourceType, excludeResourceType }: Flags): boolean {
  return [select, exclude, resourceType, excludeResourceType].every((flag) => flag === undefined)
}
