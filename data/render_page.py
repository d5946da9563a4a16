"""What the browser runs inside a page: closing consent banners, scrolling, measuring."""

from __future__ import annotations

# Where consent managers put their buttons; refusing first, as a crawler needs no tracking.
CONSENT_SELECTORS = (
    "#onetrust-reject-all-handler",
    "#onetrust-accept-btn-handler",
    "#CybotCookiebotDialogBodyButtonDecline",
    "#CybotCookiebotDialogBodyLevelButtonLevelOptinAllowAll",
    "#didomi-notice-disagree-button",
    "#didomi-notice-agree-button",
    ".cc-deny",
    ".cc-allow",
    ".cc-dismiss",
    "#truste-consent-button",
    "[data-testid='uc-deny-all-button']",
    "[data-testid='uc-accept-all-button']",
)
# What buttons say inside an element that looks like a banner, compared in small letters.
CONSENT_TEXTS = (
    "reject all", "reject", "decline", "deny", "refuse", "only necessary", "necessary only",
    "essential only", "continue without accepting", "accept all", "accept all cookies",
    "accept cookies", "accept", "allow all", "allow cookies", "allow", "i agree", "agree",
    "i accept", "got it", "ok", "okay", "understood", "close",
)  # fmt: skip

# A banner is what calls itself one; any "OK" elsewhere may be a purchase. Returns what was clicked.
CLOSE_CONSENT = """
const [selectors, texts] = arguments;
const shown = e => e.getClientRects().length > 0;
for (const selector of selectors) {
  const found = document.querySelector(selector);
  if (found && shown(found)) { found.click(); return selector; }
}
const said = e => (e.innerText || e.value || '').trim().toLowerCase();
const banners = [...document.querySelectorAll(
  ['cookie', 'consent', 'gdpr'].flatMap(w => [`[id*="${w}" i]`, `[class*="${w}" i]`,
    `[aria-label*="${w}" i]`]).join(',') + ',dialog,[role=dialog],[role=alertdialog]')]
  .filter(e => e !== document.body && e !== document.documentElement && shown(e) &&
    /cookie|consent|privacy|gdpr/i.test(e.innerText || ''));
for (const text of texts) for (const banner of banners)
  for (const button of banner.querySelectorAll('button,a,[role=button],input[type=button]'))
    if (shown(button) && said(button) === text) { button.click(); return text; }
return null;
"""
# Up first: a page already at its end would otherwise see no scrolling and load nothing.
SCROLL = """
window.scrollBy(0, -window.innerHeight / 2);
requestAnimationFrame(() => window.scrollTo(0, document.documentElement.scrollHeight));
"""
MEASURE = """
return [document.getElementsByTagName('*').length, document.documentElement.scrollHeight];
"""
# A page no taller than the window gets no scroll event and so loads nothing more.
SCROLLABLE = "return document.documentElement.scrollHeight > window.innerHeight;"
# Asked before the page itself: an endless one is given up unread.
LENGTH = "return document.documentElement ? document.documentElement.outerHTML.length : 0;"
HTML = "return document.documentElement ? document.documentElement.outerHTML : '';"
