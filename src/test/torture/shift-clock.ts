/** Makes the clock of this process wrong by so many milliseconds, from now on. */
export function shiftClock(milliseconds: number): void {
  const RealDate = Date
  globalThis.Date = new Proxy(RealDate, {
    construct(target, args: readonly unknown[], newTarget) {
      const given = args.length === 0 ? [target.now() + milliseconds] : args
      return Reflect.construct(target, given, newTarget)
    },
    apply: () => new RealDate(RealDate.now() + milliseconds).toString(),
    get(target, name, receiver) {
      return name === 'now' ? () => target.now() + milliseconds : Reflect.get(target, name, receiver)
    },
  })
}
