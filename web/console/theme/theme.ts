import { type ThemeConfig, theme } from 'antd'

/** One token of web/shared/tokens.css as the browser computes it, so that both themes come from the same file. */
export type ReadToken = (name: string) => string

export const readToken: ReadToken = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()

/** antd dressed in our tokens. Contrast pairs are ours; antd's derived greys would fall below 4.5:1 (ux §14, §15). */
export function antdTheme(read: ReadToken, night: boolean): ThemeConfig {
  const [bg, card, ink, mute, line, control, primary, onPrimary] = [
    'bg',
    'card',
    'ink',
    'mute',
    'line',
    'control',
    'primary',
    'on-primary',
  ].map(read)
  return {
    algorithm: night ? theme.darkAlgorithm : theme.defaultAlgorithm,
    zeroRuntime: false,
    token: {
      colorPrimary: primary,
      colorInfo: read('p3'),
      colorSuccess: read('ok'),
      colorWarning: read('warn'),
      colorError: read('p1'),
      colorLink: primary,
      colorLinkHover: primary,
      colorTextBase: ink,
      colorText: ink,
      colorTextSecondary: mute,
      colorTextTertiary: mute,
      colorTextQuaternary: mute,
      colorTextPlaceholder: mute,
      colorTextDescription: mute,
      colorTextDisabled: mute,
      colorBgBase: night ? bg : card,
      colorBgLayout: bg,
      colorBgContainer: card,
      colorBgElevated: card,
      colorBorder: control,
      colorBorderSecondary: line,
      colorSplit: line,
      colorTextLightSolid: onPrimary,
      fontFamily: read('font'),
      fontSize: 14,
      borderRadius: 10,
      borderRadiusLG: 14,
      controlHeight: 36,
      controlHeightSM: 32,
      controlHeightLG: 44,
      motionDurationMid: '0.15s',
      motionDurationSlow: '0.2s',
      wireframe: false,
    },
    components: {
      Button: { fontWeight: 600, primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', paddingInline: 16 },
      Segmented: { trackBg: bg, itemSelectedBg: card, itemColor: mute, itemHoverColor: ink, itemSelectedColor: ink },
      Tabs: { itemColor: mute, itemSelectedColor: primary, itemHoverColor: ink },
      Tag: { defaultBg: bg, defaultColor: ink },
      Tooltip: { colorBgSpotlight: night ? line : ink, colorTextLightSolid: night ? ink : card },
    },
  }
}
