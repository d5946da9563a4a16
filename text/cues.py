"""The turns of phrase after which a sentence no longer speaks of the garment for sale.

Each pattern is matched on a lowered sentence; from the match to the sentence's end is dropped, so
a pattern that judges the whole sentence begins with `^.*`. All quantifiers are bounded.
"""

from __future__ import annotations

import re

_OWN = r"(?!.{0,160}\b(?:this|these)\b)"  # "Add charm with this blue shirt" speaks of the garment
_THAT = r"(?:it|this|these|them|that|your|yours|the|her|him|up|well|best|great|perfectly)"

CARE = r"""
    \b(?:machine|hand|gentle|cold|warm|first|home|separate)[ -]?(?:machine[ ]|cold[ ])?wash\b
  | \bwash(?:ing)?\ ?(?:care|instructions?|dark|separately|with|in\b|inside|before|cold|warm|gently
      |at|and|inverted|like|similar|whites?|once|only|reverse|on|it\b|the\b|this|hot|normal)
  | ^\s*(?:\d\.\ *)?(?:light\ |normal\ )?wash\b | ^\s*(?:care|fabric\ care|material\ and\ care)\b
  | \b(?:do\ not|don'?t|never|avoid|only|no)\ (?:machine\ |hand\ |tumble\ |spot\ |chlorine\ )?
      (?:wash|bleach|iron|wring|soak|scrub|tumble|dry|rub|use)
  | \b(?:tumble|line|flat|drip|sun|shade)[ -](?:dry|dried)\b | \bdry[ -]?clean
  | ^\s*(?:remove|dry|hang|soak|rinse|store)\b
  | \bdry\ (?:in|flat|inside|on|immediately|promptly|away)\b
  | \b(?:warm|cool|hot|steam|medium|low|light|mild|heat|moderate|preferably)\ (?:steam\ )?iron
  | \biron(?:ing)?\ (?:on|at|only|directly|inside|if|with|the|over|while|low|medium|warm|cool|when)
  | ^\s*iron\b | ^\s*(?:iron|wash|bleach|dry)(?:ing|es)?\s?[-:] | ^.*\bshould\ be\ washed\b
  | \b(?:bleach|detergent|wring)\b
  | \bhas\ been\ dyed\b | \bdyeing\b | \bcolou?rs?\ (?:may|will|might|can)\b
  | ^\s*turn\ inside\ out | \b(?:half|sun|air)[ -]dry\b | \b(?:plain|mild|bar)\ soap\b
  | \bkeep\ (?:the\ |it\ |this\ )?(?:\w+\ )?away\ from\b | ^\s*stains?\b | \bfrom\ fading\b
  | \b(?:may|might|can|will)\ (?:bleed|fade)\b
"""

STYLE = rf"""
    (?<![\w'-])(?:pair|team|club|match|combine|coordinate|accessori[sz]e|layer|couple|complement
      |partner)(?:s|d|ed|ing)?\ {_THAT}\b
  | (?<![\w'-])(?:pair|team|club|match|combine|layer|partner)(?:s|ed|ing)?
      \ (?:\w+[ -]){{0,5}}?(?:with|over|under)\b
  | \bstyled?\ (?:it|this|these|them|your|the)\b
  | \b(?:wear|worn|wearing|throw(?:\ on)?|tuck|slip|put|pull)
      \ (?:(?:it|this|these|them|that|the|your)\ )?(?:[\w-]+\ ){{0,5}}?
      (?:with|over|under|underneath|beneath|along|inside|on\ top|into|atop)\b
  | \b(?:goes|go|looks?|works?|perfect|ideal)
      \ (?:(?:really|very|equally|so|just|great|good|best|well|perfect|perfectly|stunning|amazing
      |awesome|fabulous|lovely|cool|chic|smart|beautifully)\ ){{0,3}}
      (?:with|over|under)\ (?!this\b|these\b)
  | \b(?:goes|works?)\ (?:\w+\ ){{1,4}}?(?:with|over|under)\ (?!this\b|these\b)
  | \bas\ a\ layer\b | \blayer\ on\ top\b
  | \b(?:with|over)\ (?:a\ |your\ )?(?:favou?rite|any\ pair)\b
  | \b(?:with|over)\ a\ pair\ of\ (?:[\w-]+\ ){{0,3}}?
      (?:jeans|denims|trousers|pants|chinos|shorts|leggings|shoes|sneakers|heels|sandals|flats)\b
  | \b(?:dress|add)\ (?:it|this|them|him|her)\ (?:up|down|with)\b
  | \b(?:add|complete|finish|round)\ (?:\w+\ ){{0,4}}?(?:look|outfit|ensemble)\b
  | \bthrow\ on\b | \bcolou?r[ -]?block\ (?:this|it|with|or|your|these)\b
  | \b(?:companion|partner|match|complement)\ (?:for|to)\b
  | \bfor\ (?:a|an|that|the)\ (?:[\w-]+[ ,]+){{1,5}}look\b
  | \b(?:drape|leave|keep|tie|knot|zip|button|slide|sling|shrug|wrap|hide)
      \ (?:it|them)\ (?:up\ )?(?:[\w-]+\ ){{0,4}}?
      (?:over|above|under|underneath|beneath|on\ top|round|around|atop|with|next|against)\b
  | ^\s*{_OWN}(?:just\ |simply\ |then\ |now\ )?(?:try|think|imagine|picture|consider|grab|add|swap
      |slip|step|roll|mix|match|contrast\ with|balance|finish|throw|reach|layer|pull|slide
      |drape|offset|tuck)\ (?!to\ your\b)
      (?=.{{0,80}}\b(?:with|for|on|into|under|over|beneath|and|a|an|some|to)\b|[\w-]+\ shirt)
  | ^\s*{_OWN}(?:styling|style|pair(?:ing)?|wear|worn|try|suggested|goes|looks?|outfit)\b
      [^.:]{{0,25}}:
  | \btop\ (?:it|this|them)\ (?:off\ )?with\b | \bfinish(?:ed)?\ off\b
  | \b(?:best|good|great)\ friends?\ (?:with|of)\b | \bat\ home\ (?:with|under|over)\b
  | \b(?:made|meant|designed|ideal|perfect|great|suitable|good)\ (?:for|to\ be)
      \ (?:pairing|layering|wearing|worn|paired|layered|teamed)\b
  | \b(?:perfect|ideal|natural|great|fine|lovely)\ (?:partner|companion|mate|match|pairing)\b
  | ^{_OWN}.{{0,80}}?\bmakes?\ (?:an?\ )?(?:\w+\ )?(?:match|pair|partner|companion|combo)\b
  | ^{_OWN}.{{0,60}}?\b(?:recommended|suggested)[.!]?\s*$
  | \b(?:worn|shown|seen|styled|pictured)\ (?:here\ )?(?:with|over|under)\b
  | \b(?:will|would|can|could|to)\ (?:go|look|work|sit)\ (?:\w+\ ){{0,2}}?(?:with|over|under)\b
  | ^\s*(?:underneath|beneath|below|on\ top|over\ it|under\ it)\b[ ,]
  | ^{_OWN}.{{0,60}}?\b(?:stylists?|all\ you\ need[.!]?\s*$|styl(?:e|ing)\ tips?|suggested)\b
  | ^{_OWN}.{{0,160}}?\b(?:complete|finish|round\ out)\ (?:the|your|this|that|any)\ (?:\w+\ )?
      (?:look|outfit|ensemble|attire)\b
  | ^{_OWN}.{{0,160}}?\b(?:(?:will|'ll)\ do\ with|with\ (?:it|these|them)[.!]?\s*$)
"""

OTHERS = r"""
    \b(?:also\ available|available\ in|also\ comes\ in|other\ colou?rs|more\ colou?rs)\b
  | \b(?:customers?|people|shoppers)\ (?:who|also)\b | \b(?:you\ (?:may|might)\ also
      |(?:similar|related)\ (?:products|items|searches)
      |(?:frequently\ |often\ )?bought\ (?:together|with)|recommended|shop\ the\ look
      |see\ also|sold\ separately|recently\ viewed
      |more\ (?:from|by)\ (?:this|the|our))\b
  | \b(?:reviewer|reviewers|customer|customers|buyer|buyers)\ (?:wrote|writes?|says?|said)\b
  | \b(?:disclaimer|may\ vary|size\ chart|actual\ product)\b
  | ^\s*(?:[\w']+\ )?(?:sponsored|related|trending|best\ ?sellers?|popular|featured|others?|similar
      |compare|recommended|suggestions?|more|also|bundles?|offers?)\b[^.:-]{0,30}(?::|\s-\s)
  | ^.{0,120}?\b(?:also|often|frequently|recently|together)
      \ (?:viewed|liked|loved|searched|seen|purchased|bought)\b
  | ^.{0,120}?\b(?:viewed|bought|seen)\ together\b
  | \byou\ (?:may|might)\ (?:also\ )?(?:be\ interested|like|love|enjoy|want|fancy)\b
  | \b(?:others?|more|next|another)\ (?:\w+\ )?(?:in|of|from)\ (?:this|the|our)\ (?:\w+\ )?
      (?:range|series|line|collection|family|shop|store|seller|brand|category)\b
  | \b(?:don'?t|do\ not)\ (?:miss|forget)\ (?!.{0,60}\bthis\b)
  | ^.{0,120}?\b(?:free|complimentary|gift)\ with\ (?:this|every|each|your|any)\b
  | ^.{0,120}?\b(?:buy\ \d\ get|to\ your\ (?:cart|basket|shopping)|sold\ separately|sold\ out
      |out\ of\ stock|not\ (?:included|part\ of|for\ sale|in\ the\ (?:box|pack|parcel)))\b
  | \b(?:see|try|start\ with|check\ out|browse|explore|discover|shop|view|visit|meet)\ (?:also\ )?
      (?:our|their)\b
  | \bif\ you\ (?:like|love|liked|loved)\ (?:this|it|these)\b | \blooking\ for\b[^.?]{1,60}\?
  | ^.{0,60}?\breviews?\b | ["\u201c][^"\u201d]{0,200}?\b
      (?:bought|ordered|i\ (?:also|have|love)|my\ \w+)\b
  | \b(?:colou?r\ options|also\ (?:sold|made|stocked|in\ this))\b | \bpick\ up\ the\b
  | \bthe\ \w+\ (?:\w+\ )?in\ the\ (?:picture|photo|image)\ (?:is|are)\b
  | \b(?:last|previous)\ (?:season|year|summer|winter|spring)\b
  | \b(?:earlier|previous|other|sister)\ (?:version|model|edition|product|style)s?\b
"""

MODEL = r"""
    \bthe\ (?:\w+\ ){1,3}(?:worn|sported)\ by\ (?:the|our)\ model\b
  | (?:\bthe\ |\bour\ )?\bmodel'?s?\ (?:statistics?|stats|wears?|is\ wearing|in\ the|height|size|\()
  | \b(?:the\ )?product\ is\ a\ size\b | \bon\ a\ model\b
  | ^\s*(?:height|chest|shoulders?|waist|bust|hips?)\ *[-:]
"""

BRAND = r"""
    ^(?!.*\b(?:this|these)\b).{0,160}?\b(?:since\ (?:18|19|20)\d\d|founded|established|was\ born
      |heritage\ of|(?:is|as)\ a\ brand|(?:the\ )?(?:brand|label)\ (?:is|was|has|that)|house\ of
      |warranty)\b
"""

OFF_GARMENT: dict[str, re.Pattern[str]] = {
    kind: re.compile(pattern, re.VERBOSE)
    for kind, pattern in {
        "care": CARE,
        "style": STYLE,
        "others": OTHERS,
        "model": MODEL,
        "brand": BRAND,
    }.items()
}
