"""The turns of phrase after which a sentence no longer speaks of the garment for sale.

Each pattern is matched on a lowered sentence; from the match to the sentence's end is dropped, so
a pattern that judges the whole sentence begins with `^.*`. All quantifiers are bounded.
"""

from __future__ import annotations

import re

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
  | \b(?:bleach|detergent|wring)\b | \bmild\ soap\b
  | \bhas\ been\ dyed\b | \bdyeing\b | \bcolou?rs?\ (?:may|will|might|can)\b
  | ^\s*turn\ inside\ out
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
"""

MODEL = r"""
    (?:\bthe\ |\bour\ )?\bmodel'?s?\ (?:statistics?|stats|wears?|is\ wearing|in\ the|height|size|\()
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
