"""E-mails that ask places to confirm or correct their record.

`selection` picks places, `addresses` their generic e-mail, `letters` writes, `sending` sends each
e-mail at most once, `failures` judges what servers answer, `bounces` reads what comes back,
`links` makes and reads the links, `answers` writes what places answer, `control` is the
moderators' hand. Nothing here knows what runs the sender: a command does (send_campaigns), a
background task may. See docs/campaigns.md.
"""
