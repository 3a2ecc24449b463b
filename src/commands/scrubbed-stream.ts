import { scrub } from '../config/secrets.ts'

/** The stream with secrets taken out of the text that is written to it; bytes stay as they are. The set may grow meanwhile. */
export function scrubbedStream<Stream extends NodeJS.WritableStream>(
  stream: Stream,
  secrets: ReadonlySet<string>,
): Stream {
  return new Proxy(stream, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (name === 'write')
        return (part: string | Uint8Array) => target.write(typeof part === 'string' ? scrub(part, secrets) : part)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
