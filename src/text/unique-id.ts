/** Identifies a node of the manifest as dbt does: `model.shop.orders`, `source.shop.raw.orders`, `macro.shop.cents`. */
export type UniqueId = string & { readonly brand: 'UniqueId' }

export function uniqueId(resourceType: string, packageName: string, ...name: readonly string[]): UniqueId {
  // The one place that makes the branded string.
  return [resourceType, packageName, ...name].join('.') as UniqueId
}
