import type { Instant } from '../platform/time.ts'

/**
 * What WeChat tells us of its own accord (docs/wechat, section c). A closed union: what we do not know arrives as `other` or
 * `other-message`, so that a new event never breaks the door. All ids are text.
 */
export type Push = PushHead & PushBody

export type PushHead = {
  /** The same for every delivery of one thing; WeChat delivers up to three times, in any order (section b, "Dedupe"). */
  dedupeKey: string
  createdAt: Instant
  /** The account's `gh_` id; for authorisation news the component's appid. */
  toUserName: string
  /** The follower's openid; for publishing reports a fixed id of WeChat's; '' for authorisation news. */
  fromUserName: string
}

export type PushBody =
  | Message
  | FollowerEvent
  | MenuEvent
  | PublishingEvent
  | NoticeEvent
  | StandingEvent
  | ComponentEvent
  | { kind: 'other'; event: string }

/** From which article somebody wrote in: the only place where a reader of an article has an identity. `idx` counts from 1. */
export type FromArticle = { msgDataId: string; idx: number | null }
type MessageHead = { msgId: string; fromArticle: FromArticle | null }

export type Message = MessageHead &
  (
    | { kind: 'text'; content: string; menuAnswer: string | null }
    | { kind: 'image'; mediaId: string; pictureUrl: string }
    | { kind: 'voice'; mediaId: string; format: string; recognition: string | null }
    | { kind: 'video'; mediaId: string; thumbMediaId: string; short: boolean }
    | { kind: 'location'; latitude: string; longitude: string; scale: string; label: string }
    | { kind: 'link'; title: string; description: string; url: string }
    | { kind: 'other-message'; messageType: string }
  )

export type FollowerEvent =
  | { kind: 'subscribe'; scene: string | null; ticket: string | null }
  /** Whoever left must be forgotten: WeChat obliges us to delete this person's data (section c.2). */
  | { kind: 'unsubscribe' }
  | { kind: 'scan'; scene: string; ticket: string }
  | { kind: 'location-report'; latitude: string; longitude: string; precision: string }
  | { kind: 'privacy'; act: 'modified' | 'revoked' | 'cancelled'; openid: string; appid: string; revoked: string[] }
  | {
      kind: 'service-session'
      act: 'created' | 'closed' | 'switched'
      serviceAccount: string
      fromAccount: string | null
      closeType: string | null
    }

export type MenuEvent =
  | { kind: 'menu-click'; key: string }
  | { kind: 'menu-view'; url: string; menuId: string | null }
  | { kind: 'menu-mini-program'; path: string; menuId: string | null }
  | { kind: 'menu-scan'; key: string; waits: boolean; scanType: string; scanResult: string }
  | { kind: 'menu-pictures'; key: string; from: 'camera' | 'camera-or-album' | 'album'; pictures: string[] }
  | { kind: 'menu-location'; key: string; latitude: string; longitude: string; scale: string; label: string; poiName: string }

/** `err(NNN)`: the platform or the administrator stopped it; massErrorMeaning says why. */
export type MassStatus = 'success' | 'fail' | { err: number } | { unrecognised: string }
export type ArticleUrl = { idx: number; url: string }

export type CopyrightCheck = {
  /** 1 not a reprint, 2 a reprint that may go out, 3 a reprint that may not. */
  checkState: number | null
  articles: { idx: number; originalUrl: string; declareState: number | null; auditState: number | null; canReprint: boolean }[]
}

export type PublishingEvent =
  | {
      kind: 'mass-send-finished'
      msgId: string
      status: MassStatus
      /** null: the event did not say. Lost here they are lost for good: no API repeats them. */
      counts: { total: number | null; filtered: number | null; sent: number | null; errors: number | null }
      urls: ArticleUrl[]
      copyright: CopyrightCheck | null
    }
  | {
      kind: 'publish-finished'
      publishId: string
      status: PublishStatus
      articleId: string | null
      urls: ArticleUrl[]
      failedIdx: number[]
    }

export type PublishStatus =
  | 'published'
  | 'in-progress'
  | 'originality-failed'
  | 'failed'
  | 'review-refused'
  | 'deleted-by-user'
  | 'banned-by-platform'
  | { unrecognised: string }

export type NoticeEvent =
  | { kind: 'template-finished'; msgId: string; status: 'success' | 'blocked-by-user' | 'failed'; said: string }
  | {
      kind: 'subscription-notice'
      act: 'popup' | 'change'
      answers: { templateId: string; accepted: boolean; scene: string | null }[]
    }
  | { kind: 'subscription-sent'; results: { templateId: string; msgId: string; errorCode: number | null; errorStatus: string }[] }

export type StandingEvent = {
  kind: 'standing'
  change: 'verified' | 'verification-failed' | 'name-verified' | 'name-failed' | 'renewal-due' | 'verification-expired'
  /** Until when it holds, or until when something must be done. */
  expiresAt: Instant | null
  failedAt: Instant | null
  reason: string | null
}

type Granted = { appid: string; authorizationCode: string; codeExpiresAt: Instant | null; preAuthCode: string }
export type ComponentEvent =
  | { kind: 'component-ticket'; ticket: string }
  | ({ kind: 'authorized' } & Granted)
  | ({ kind: 'updated-authorization' } & Granted)
  | { kind: 'unauthorized'; appid: string }
