/** What differs from run to run, each with what stands for it: durations, moments, run ids and the marks made of them. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\b\d+\.\d\ds\b/g, '0.00s'],
  [/\b\d+m \d\ds\b/g, '0.00s'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<run id>'],
  [/__lavra_(kept_)?[0-9a-f]{8}/g, '__lavra_$1<run>'],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d{3,6}(Z|\+00(:00)?)?/g, '<now>'],
  [/"(seconds|time)":\d+(\.\d+)?(e-\d+)?/g, '"$1":0'],
  [/ time="\d+\.\d{3}"/g, ' time="0.000"'],
]

/** Text of which only what is always the same is left. */
export function normalize(text: string): string {
  return VARYING.reduce((left, [varying, name]) => left.replace(varying, name), text)
}
