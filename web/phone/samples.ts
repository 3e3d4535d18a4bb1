import type { MeView } from '../../src/contract.ts'
import type { Plans } from '../../src/incidents/client-words.ts'
import type {
  ClockView,
  IncidentRow,
  MessageView,
  PortalView,
  StepView,
  TimelineView,
  WarRoomView,
} from '../../src/incidents/view.ts'
import { type Instant, instant } from '../../src/platform/time.ts'
import type { HomeProps, PortalProps, WarRoomProps } from './pages.ts'

/** The story of the pictures: an account is stolen at 03:02; 林一 is on duty. For looking and for tests. */
const beijing = (time: string): Instant => instant(`2026-11-22T${time}+08:00`)
const now = beijing('03:08:18')
const clock = (
  key: string,
  title: string,
  titleEn: string,
  short: string,
  due: string,
  rest: Partial<ClockView> = {},
): ClockView => ({
  key,
  title,
  titleEn,
  short,
  dueAt: beijing(due),
  promise: false,
  withinMinutes: 15,
  ...rest,
})
const firstWord = clock('first-word', '首次告知客户', 'First word to client', '告知', '03:17:00', { promise: true })

const step = (key: string, title: string, titleEn: string, rest: Partial<StepView> = {}): StepView => ({
  key,
  title,
  titleEn,
  kind: 'manual',
  owner: 'duty',
  state: 'waiting',
  dueAt: beijing('03:17:00'),
  how: [],
  proof: [],
  missing: 0,
  answers: [],
  ...rest,
})
export const operators = step('operators', '清掉陌生运营者和第三方授权', 'Remove unknown operators and authorisations', {
  action: 4,
  state: 'ready',
  missing: 1,
  where: '公众平台 → 设置与开发 → 人员设置；公众号设置 → 授权管理',
  how: ['人员设置里逐个核对运营者，不认识的解除绑定。', '授权管理里取消不认识的第三方平台授权。', '两页各截一张图。'],
  proof: [
    {
      key: 'operators',
      title: '运营者列表截图',
      kind: 'picture',
      have: [{ id: 'e2', name: '运营者.jpg', at: beijing('03:07:40') }],
    },
    { key: 'authorisations', title: '授权管理截图', kind: 'picture', have: [] },
  ],
})
export const appeal = step('appeal', '联系平台，提交申诉', 'Contact the platform, appeal', {
  action: 7,
  state: 'ready',
  where: '公众平台 → 通知中心；腾讯客服',
  how: [
    '证据包和时间线已经备好，从本页下载后作为附件。',
    '在通知中心或客服入口说明：何时、哪些内容不是本账号运营方所发、已做哪些处理。',
    '把受理编号填回来。',
  ],
  proof: [{ key: 'receipt', title: '受理编号', kind: 'number', have: [] }],
})
export const question = step('ask-person', '问一句：是您发的吗', 'Ask whether it was one of us', {
  kind: 'decision',
  state: 'ready',
  dueAt: beijing('03:05:00'),
  question: '这次改动是你们自己人或客户做的吗？',
  answers: [
    { key: 'ours', title: '是自己人或客户做的' },
    { key: 'not-ours', title: '不是，按被盗处理' },
  ],
  how: [
    '打给账号的管理员微信保管人和客户联系人各问一次。三分钟内没人回答按可疑继续：待发内容仍暂停，继续找人，机器不删除任何内容。',
  ],
})

export const plans: Plans = {
  A: {
    title: '申请恢复原账号',
    tag: '马上能做',
    does: '用原账号继续，我们跟进平台受理，清查完毕再恢复推送',
    expect: '同类一般约 200 分钟',
    odds: '把握中等，同类 10 次成 6 次',
    asks: '不用操作',
    cost: '恢复前不能推送',
  },
  B: {
    title: '备用号先发，同时处理原账号',
    tag: '效果最好',
    does: '重要内容先从备用号发出，原账号同时清查和申诉',
    expect: '时间以平台处理为准',
    odds: '案例不足，以平台审核为准',
    asks: '确认备用号可用',
    cost: '备用号粉丝较少',
  },
}
export const firstDraft: MessageView = {
  id: 'm1',
  kind: 'first',
  title: '首次告知客户',
  titleEn: 'First word to the client',
  revision: 2,
  state: 'draft',
  text: '王总，03:02 发现公众号出现了不是我们安排的内容。已暂停全部待发内容，已把现场留底，已删除 2 篇异常文章。正在继续清查账号并保存证据。03:32 前给您两个处理办法，您暂时不用操作。',
  nextUpdateAt: beijing('03:32:00'),
  autoAt: beijing('03:14:00'),
  ways: [],
  findings: [],
}
const entry = (
  seq: number,
  time: string,
  by: string,
  title: string,
  tone: TimelineView['tone'],
  detail?: string,
): TimelineView => ({ seq, at: beijing(time), by, title, detail, tone, group: tone === 'client' ? 'client' : 'other' })

export const stolen: WarRoomView = {
  id: '7d0e3c52-5b1f-4a52-9a3e-1f6c1d2e2611',
  number: 'INC-2611',
  serverNow: now,
  mode: 'real',
  severity: 'P1',
  severityRule: '账号上出现了不是我们安排的内容或改动，读者正在看到，按最坏情况定为紧急',
  title: '账号被盗',
  titleEn: 'Stolen account',
  accountName: '青禾教育',
  clientName: '青禾教育',
  agencyName: '云帆托管',
  state: 'acknowledged',
  certainty: 'confirmed',
  detectedAt: beijing('03:02:00'),
  acknowledgedAt: beijing('03:04:00'),
  commander: { id: 'p1', name: '林一' },
  mainClock: firstWord,
  clocks: [
    clock('contain', '控制账号', 'Contain', '控制', '03:17:00', { metAt: beijing('03:07:00'), promise: true, tookMinutes: 5 }),
    firstWord,
    clock('evidence', '固定证据', 'Secure evidence', '证据', '03:22:00'),
    clock('platform', '联系平台', 'Contact the platform', '平台', '03:32:00'),
    clock('plans', '给客户两个方案', 'Two plans to client', '方案', '03:32:00', { promise: true }),
    clock('second-sweep', '再查一遍', 'Second sweep', '复查', '04:02:00'),
  ],
  now: operators,
  nowNumber: 4,
  ofNumber: 7,
  actions: [
    {
      number: 1,
      title: '暂停发布，作废旧令牌',
      titleEn: 'Hold publications, drop tokens',
      state: 'done',
      doneAt: beijing('03:02:20'),
      doneBy: '系统',
    },
    {
      number: 2,
      title: '删掉异常内容，恢复菜单',
      titleEn: 'Remove rogue content, restore menu',
      state: 'done',
      doneAt: beijing('03:07:00'),
      doneBy: '系统',
    },
    {
      number: 3,
      title: '管理员本人改密码',
      titleEn: 'Administrator changes the password',
      state: 'done',
      doneAt: beijing('03:07:10'),
      doneBy: '林一',
    },
    { number: 4, title: '清掉陌生运营者和授权', titleEn: 'Remove unknown operators', state: 'current' },
    { number: 5, title: '冻结或重置开发密钥', titleEn: 'Freeze or reset AppSecret', state: 'waiting' },
    { number: 6, title: '导出证据包', titleEn: 'Export the evidence pack', state: 'running' },
    { number: 7, title: '联系平台和主管部门', titleEn: 'Contact platform and authorities', state: 'waiting' },
  ],
  steps: [
    step('hold', '暂停全部待发', 'Hold every scheduled publication', {
      kind: 'automatic',
      owner: 'system',
      state: 'done',
      doneAt: beijing('03:02:10'),
      doneBy: '系统',
    }),
    operators,
    step('app-secret', '冻结或重置开发密钥，查白名单', 'Freeze or reset AppSecret, check whitelist', {
      action: 5,
      state: 'ready',
    }),
    step('tell-first', '首次告知客户', 'First word to the client', { kind: 'message', owner: 'account-manager', state: 'ready' }),
    appeal,
  ],
  messages: [firstDraft],
  tellNext: 'first',
  calls: [{ who: '客户', name: '王总', phone: '13900006021' }],
  recipient: { salutation: '王总', ways: ['短信 尾号 6021', '邮件 w***@qinghe.example'] },
  articles: [
    { key: 'a1', title: '限时领取：学费返现活动', url: 'https://mp.weixin.qq.com/s/example-a1', removable: false, state: 'live' },
    { key: 'a2', title: '内部名额最后三席', removable: true, state: 'removed', by: '系统' },
  ],
  signals: [{ kind: 'unknown-publication', summary: '出现 3 篇不是我们发的文章', at: beijing('03:01:40') }],
  holds: [{ id: 'h1', placedAt: beijing('03:02:10'), publications: 2 }],
  evidence: [
    {
      id: 'e1',
      name: '现场留底：菜单、自动回复、3 篇文章',
      hash: '9f2c4e7ab0d1c33e5a',
      at: beijing('03:02:30'),
      by: '系统',
      source: '微信接口',
      step: 'snapshot',
    },
    {
      id: 'e2',
      name: '运营者.jpg',
      hash: '41bb07c2aa9e11d07f',
      at: beijing('03:07:40'),
      by: '林一',
      source: '手机上传',
      step: 'operators',
    },
  ],
  packs: [],
  timeline: [
    entry(1, '03:02:00', '系统', '发现 3 篇不是我们发的文章', 'alarm', '两个迹象互相印证'),
    entry(2, '03:02:10', '系统', '暂停全部待发，共 2 条', 'done'),
    entry(3, '03:02:12', '系统', '通知 林一', 'plain', '企业微信'),
    entry(4, '03:02:30', '系统', '现场已留底', 'done'),
    entry(5, '03:04:00', '林一', '接手', 'plain'),
    entry(6, '03:05:30', '系统', '删除《内部名额最后三席》等 2 篇', 'done', '客户事先同意'),
    entry(7, '03:07:00', '系统', '菜单恢复到认可的样子', 'done'),
    entry(8, '03:07:10', '林一', '管理员已改密码', 'done', '让其他在线登录下线'),
    entry(9, '03:07:40', '林一', '上传证据 运营者.jpg', 'plain'),
  ],
  ladder: { nextPerson: '吴桐', nextWay: '电话', nextAt: beijing('03:11:00'), exhausted: false },
  onDuty: { first: '林一', backup: '吴桐' },
  people: [
    { id: 'p1', name: '林一', role: 'duty' },
    { id: 'p2', name: '吴桐', role: 'lead' },
    { id: 'p3', name: '赵敏', role: 'account-manager' },
  ],
  me: { id: 'p1', name: '林一', role: 'duty', isCommander: true, signedIn: true, maySend: true, mayDecide: false, mayAct: true },
  playbook: {
    title: '账号被盗',
    version: 1,
    exit: ['用新密钥或新授权证明控制权', '24 小时内没有陌生的运营者和改动', '受理编号已归档'],
  },
  chain: { seq: 9, hash: '7be1c0' },
}
const PRESS = 'k3v9q2m7w1'
export const room = (change: Partial<WarRoomView> = {}, rest: Partial<WarRoomProps> = {}): WarRoomProps => ({
  view: { ...stolen, ...change },
  press: PRESS,
  ...rest,
})
const lead: WarRoomView['me'] = { ...stolen.me, id: 'p2', name: '吴桐', role: 'lead', isCommander: false, mayDecide: true }
const toldClocks: Partial<WarRoomView> = {
  clocks: stolen.clocks.map((c) => (c.key === 'first-word' ? { ...c, metAt: beijing('03:07:30'), tookMinutes: 5 } : c)),
  mainClock: stolen.clocks.find((c) => c.key === 'plans'),
}
const sentFirst: MessageView = { ...firstDraft, state: 'sent', sentAt: beijing('03:07:30'), readAt: beijing('03:08:02') }

/** The faces of the war room, each as the server would hand it over. */
export const rooms = {
  mine: room(),
  unacknowledged: room(
    {
      state: 'open',
      commander: undefined,
      acknowledgedAt: undefined,
      me: { ...stolen.me, isCommander: false, signedIn: false, maySend: false },
    },
    { linkKey: 'personal-key' },
  ),
  'single-sign': room({
    certainty: 'single-sign',
    now: question,
    nowNumber: undefined,
    messages: [
      {
        ...firstDraft,
        text: '王总，03:02 发现公众号有一处改动不是我们安排的，正在核实。03:32 前告诉您核实结果，您暂时不用操作。',
      },
    ],
  }),
  following: room({ me: lead }),
  sending: room({ messages: [{ ...firstDraft, state: 'sending', leavesAt: beijing('03:08:23') }] }),
  sent: room({
    ...toldClocks,
    messages: [sentFirst],
    tellNext: undefined,
    nextUpdateAt: beijing('03:32:00'),
    now: appeal,
    nowNumber: 7,
    choice: { plan: 'B', who: '王总', at: beijing('03:08:10'), byDefault: false },
  }),
  plans: room({
    ...toldClocks,
    messages: [
      sentFirst,
      {
        ...firstDraft,
        id: 'm2',
        kind: 'plans',
        title: '给客户两个方案',
        titleEn: 'Two plans to the client',
        plans,
        autoAt: undefined,
        text: '王总，已删除 2 篇异常文章。接下来有两个办法，请您选一个，03:52 前再告诉您进展。',
      },
    ],
    tellNext: 'plans',
  }),
  hand: room({
    messages: [{ ...firstDraft, state: 'waiting-for-hand', handDueAt: beijing('03:12:00') }],
    me: { ...stolen.me, id: 'p3', name: '赵敏', role: 'account-manager', isCommander: false },
  }),
  blocked: room({
    messages: [
      {
        ...firstDraft,
        findings: [{ level: 'block', text: '“已让对方下线”没有记录支持，不能发。先完成并记录这一步，或删掉这句。' }],
      },
    ],
  }),
  missed: room({
    serverNow: beijing('03:19:10'),
    clocks: stolen.clocks.map((c) => (c.key === 'first-word' ? { ...c, missedAt: beijing('03:17:00') } : c)),
    mainClock: { ...firstWord, missedAt: beijing('03:17:00') },
    me: { ...lead, isCommander: true },
  }),
  resolvable: room({
    state: 'contained',
    now: undefined,
    mainClock: undefined,
    nextUpdateAt: beijing('03:52:00'),
    steps: stolen.steps.map((s) => ({ ...s, state: 'done' })),
    me: { ...lead, isCommander: true },
    messages: [sentFirst],
    articles: [],
  }),
  watching: room({
    state: 'watching',
    now: undefined,
    mainClock: undefined,
    me: lead,
    messages: [sentFirst],
    articles: [],
    outcome: {
      cause: '离职人员的微信仍绑定为运营者，被他人登录',
      followUps: [{ what: '所有账号复核离职人员权限', owner: '吴桐', dueOn: '2026-11-25' }],
    },
  }),
  drill: room({ mode: 'drill' }),
  refused: room(
    {},
    {
      notice: { tone: 'error', text: '没有记下：原因至少写 6 个字。你写的还在，补几个字再按一次。', code: '7K2' },
      kept: { do: 'cannot', step: 'operators', reason: '打不开' },
    },
  ),
} satisfies Record<string, WarRoomProps>

export const portalView: PortalView = {
  agencyName: '云帆托管',
  agencyInitial: '云',
  clientName: '青禾教育',
  accountName: '青禾教育',
  serverNow: beijing('03:21:00'),
  call: { name: '林一', phone: '13800006021' },
  statusWord: '已控制住',
  updatedAt: beijing('03:20:00'),
  headline: '公众号出现了不是我们安排的内容，已控制住',
  sentences: ['所有待发内容已暂停，陌生内容已删除。'],
  nextUpdateAt: beijing('03:50:00'),
  done: [
    { title: '暂停全部待发内容', at: beijing('03:02:10') },
    { title: '删除 2 篇异常文章', at: beijing('03:05:30') },
    { title: '保存证据', at: beijing('03:16:00') },
  ],
  plans,
  revision: 3,
  chooseUntil: beijing('03:40:00'),
  promises: [
    { title: '15 分钟内告知您', state: 'met', tookMinutes: 11, dueAt: beijing('03:17:00') },
    { title: '15 分钟内控制影响', state: 'met', tookMinutes: 5, dueAt: beijing('03:17:00') },
    { title: '30 分钟内给出方案', state: 'met', tookMinutes: 18, dueAt: beijing('03:32:00') },
    { title: '3 小时内告知恢复情况', state: 'running', dueAt: beijing('06:02:00') },
  ],
  identity: { salutation: '王总', lastDigits: '6021', stage: 'known' },
  mayStop: true,
  expiresAt: beijing('23:00:00'),
}
const portal = (change: Partial<PortalView> = {}, rest: Partial<PortalProps> = {}): PortalProps => ({
  view: { ...portalView, ...change },
  token: 'c9Xf3T',
  press: PRESS,
  ...rest,
})
export const portals = {
  choose: portal(),
  digits: portal({ identity: { ...portalView.identity, stage: 'digits' } }),
  code: portal({ identity: { ...portalView.identity, stage: 'code' } }, { notice: { tone: 'ok', text: '验证码已发出。' } }),
  chosen: portal({ choice: { plan: 'B', at: beijing('03:24:00'), byDefault: false }, serverNow: beijing('03:25:00') }),
  verifying: portal({
    statusWord: '正在核实',
    headline: '发现一处改动，正在核实',
    sentences: ['03:02 发现公众号有一处改动不是我们安排的。'],
    done: [],
    plans: undefined,
    promises: portalView.promises.slice(0, 1),
  }),
  glimpse: {
    view: { agencyName: '云帆托管', agencyInitial: '云', statusWord: '已控制住', updatedAt: beijing('03:20:00') },
    token: 'c9Xf3T',
    press: PRESS,
    ask: 'digits',
  },
} satisfies Record<string, PortalProps>

const me: MeView = {
  agency: { id: 'g1', name: '云帆托管' },
  person: { id: 'p1', name: '林一', role: 'duty' },
  demo: true,
  duty: { first: '林一', backup: '吴桐' },
  openIncidents: 2,
  serverNow: now,
  setup: [],
}
const row: IncidentRow = {
  id: stolen.id,
  number: 'INC-2611',
  severity: 'P1',
  title: '账号被盗',
  titleEn: 'Stolen account',
  accountName: '青禾教育',
  clientName: '青禾教育',
  state: 'acknowledged',
  certainty: 'confirmed',
  mode: 'real',
  detectedAt: beijing('03:02:00'),
  commander: '林一',
  nextStep: '清掉陌生运营者和第三方授权',
  nearestDue: { title: '首次告知客户', titleEn: 'First word to client', at: beijing('03:17:00') },
  clientKnows: 'no',
}
export const home: HomeProps = {
  me,
  rows: [
    row,
    {
      ...row,
      id: 'i2',
      severity: 'P3',
      title: '菜单被改动',
      titleEn: 'Menu changed',
      accountName: '老灶火锅',
      state: 'open',
      commander: undefined,
      nextStep: '问一句：是您发的吗',
      nearestDue: { title: '首次告知客户', titleEn: 'First word to client', at: beijing('04:00:00') },
    },
    {
      ...row,
      id: 'i3',
      accountName: '云杉财经',
      state: 'watching',
      nearestDue: undefined,
      nextStep: undefined,
      clientKnows: 'read',
      severity: 'P2',
    },
    { ...row, id: 'i4', accountName: '演示号', mode: 'drill', clientKnows: 'told' },
  ],
  waiting: [
    {
      href: `/m/i/${stolen.id}#now`,
      title: '清掉陌生运营者和第三方授权',
      titleEn: 'Remove unknown operators',
      about: 'P1 账号被盗 · 青禾教育',
      dueAt: beijing('03:17:00'),
      kind: 'step',
    },
    {
      href: `/m/i/${stolen.id}#hand-title`,
      title: '把首次告知发给王总',
      titleEn: 'Send the first word to 王总',
      about: 'P1 账号被盗 · 青禾教育',
      dueAt: beijing('03:12:00'),
      kind: 'hand',
    },
  ],
  lastCheckedAt: beijing('03:07:50'),
}
export const quietHome: HomeProps = { ...home, rows: [], waiting: [] }
