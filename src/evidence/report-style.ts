/** Calm on screen, plain on paper: the report is read by lawyers and platform staff, not by our users. */
export const STYLE = `
:root { color-scheme: light; --ink: #1c2733; --quiet: #5c6b7a; --line: #dde3e9; --paper: #fff; --wash: #f5f7f9; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 32px 24px 64px; max-width: 960px; color: var(--ink); background: var(--paper);
  font: 15px/1.7 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif; }
h1 { font-size: 24px; line-height: 1.4; margin: 4px 0 16px; }
h2 { font-size: 17px; margin: 40px 0 12px; padding-bottom: 6px; border-bottom: 1px solid var(--line); }
p { margin: 8px 0; } .quiet { color: var(--quiet); }
.drill { border: 1px solid #b7791f; color: #8a5a12; padding: 8px 12px; border-radius: 6px; }
dl { display: grid; grid-template-columns: 8em 1fr; gap: 4px 16px; margin: 0; } dt { color: var(--quiet); } dd { margin: 0; min-width: 0; }
.hash { font: 13px/25px ui-monospace, "SF Mono", Consolas, monospace; word-break: break-all; }
table { width: 100%; border-collapse: collapse; } th, td { text-align: left; vertical-align: top; padding: 8px 12px 8px 0; border-bottom: 1px solid var(--line); }
th { font-weight: 500; color: var(--quiet); white-space: nowrap; } td.when, td.number { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.what { word-break: break-word; white-space: pre-wrap; }
.item { border: 1px solid var(--line); border-radius: 8px; padding: 16px; margin: 0 0 16px; break-inside: avoid; }
.item h3 { font-size: 15px; margin: 0 0 8px; word-break: break-all; }
.item img { display: block; max-width: 100%; max-height: 720px; margin: 12px 0 0; border: 1px solid var(--line); }
.item pre { background: var(--wash); padding: 12px; margin: 12px 0 0; border-radius: 6px; white-space: pre-wrap; word-break: break-all; font-size: 12px; line-height: 1.6; }
@page { size: A4; margin: 18mm 16mm; }
@media print { body { padding: 0; max-width: none; font-size: 11pt; } thead { display: table-header-group; } tr { break-inside: avoid; } h2 { break-after: avoid; } }
@media screen and (max-width: 600px) {
  body { padding: 24px 16px 48px; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 8px; }
  thead { display: none; } tr { display: block; padding: 8px 0; border-bottom: 1px solid var(--line); } td { display: inline; padding: 0 8px 0 0; border: 0; }
  td.what, td.hash { display: block; }
}
`
