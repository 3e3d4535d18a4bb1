export type FaultKind =
  | 'slow'
  | 'slow-before'
  | 'slow-body'
  | 'status5xx'
  | 'html'
  | 'empty'
  | 'badjson'
  | 'busy-before'
  | 'busy-after'
  | 'hangup-before'
  | 'hangup-after'
  | 'expired-token'
  | 'quota'
  | 'whitelist'
  | 'errcode'

export type Fault = {
  id: number
  /** "/cgi-bin/draft/add", "draft/add" or "*". */
  path: string
  appid: string | undefined
  ip: string | undefined
  fault: FaultKind
  times: number
  ms: number
  status: number
  code: number
  /** For replies that break after or before the work: whether it was done. */
  executed: boolean
}

export type PushFaultKind = 'duplicate' | 'reorder' | 'drop' | 'delay' | 'wrong-signature' | 'old-key'
export type PushFault = {
  id: number
  appid: string | undefined
  event: string | undefined
  fault: PushFaultKind
  times: number
  ms: number
}

const matches = (pattern: string, path: string) =>
  pattern === '*' || path === pattern || path.endsWith(`/${pattern.replace(/^\//, '')}`)

/** Mishaps waiting to happen. Each is used up by the calls it meets. */
export class Faults {
  waiting: Fault[] = []
  pushes: PushFault[] = []
  #id = 0

  nextId(): number {
    return ++this.#id
  }

  take(path: string, appid: string, ip: string): Fault | undefined {
    const fault = this.waiting.find(
      (one) => matches(one.path, path) && (!one.appid || one.appid === appid) && (!one.ip || one.ip === ip),
    )
    if (fault && --fault.times <= 0) this.waiting = this.waiting.filter((one) => one !== fault)
    return fault
  }

  takePush(appid: string, event: string): PushFault | undefined {
    const fault = this.pushes.find((one) => (!one.appid || one.appid === appid) && (!one.event || one.event === event))
    if (fault && --fault.times <= 0) this.pushes = this.pushes.filter((one) => one !== fault)
    return fault
  }
}
