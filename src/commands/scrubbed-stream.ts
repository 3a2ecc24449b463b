import { scrub } from '../config/secrets.ts'

/** The stream with secrets taken out of what is written to it. The set may grow meanwhile. */
export function scrubbedStream<Stream extends NodeJS.WritableStream>(
  stream: Stream,
  secrets: ReadonlySet<string>,
): Stream {
  return new Proxy(stream, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (name === 'write') return (text: string) => target.write(scrub(text, secrets))
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
