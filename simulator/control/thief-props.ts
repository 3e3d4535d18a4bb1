import type { Fields } from '../json.ts'

/** What a thief of accounts publishes: invented, and of the kind agencies have seen. */
export const adverts: Fields[] = [
  {
    title: '限时内测：日结兼职，一单一结',
    digest: '名额有限',
    content: '<p>手机操作，当天到账。添加客服领取任务：<a href="https://jianzhi.example/join">立即报名</a></p>',
  },
  {
    title: '内部渠道：茅台原价抢购通道开启',
    digest: '仅限今晚',
    content: '<p>扫码进群，先到先得。<a href="https://qianggou.example/vip">进入通道</a></p>',
  },
  {
    title: '恭喜！您已获得本号周年庆现金礼包',
    digest: '点击领取',
    content: '<p>凭本页链接领取，24 小时内有效。<a href="https://libao.example/get">点此领取</a></p>',
  },
]

export const rogueMenu: Fields[] = [
  { type: 'view', name: '领礼包', url: 'https://libao.example/get' },
  { name: '更多福利', sub_button: [{ type: 'view', name: '兼职日结', url: 'https://jianzhi.example/join' }] },
]

export const rogueReply = '您好，本号福利已开启，加客服领取：https://libao.example/get'
