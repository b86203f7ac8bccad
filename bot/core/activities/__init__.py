"""Activities: camps, aid shifts and pledges share one engine; nobody is wronged by it.

An activity has slots (a bucket of a camp, later a shift or a needed item), a slot has so many
places, and a sign-up takes some of them for one participant. Siblings who want "both or none" are
one unit: it gets its places together, or keeps its rank.

    draft (a form, kept elsewhere) --sent--> submitted

    submitted --the team decides--> pending_review
    submitted | pending_review --a place is free, nobody fitting waits--> accepted
    submitted | pending_review --otherwise------------------------------> waiting

    waiting --asked in its turn--> offered --yes-----------------------> accepted
       ^  ^                           |------no------------------------> declined
       |  '--others were quicker, ----|
       |     or it did not arrive     '------no answer in time---------> expired
       '---------"keep me", at the end of the list-------------------------'

    accepted --> checked_in --> attended
        '-------------'-------> no_show

    any live state --> cancelled_by_family | cancelled_by_team | moved (a new row elsewhere)

Where places get scarcer the activity is locked, once per transaction (`turn.py`). What is decided
is pure and reads from top to bottom:

    values.py         activity, slot, sign-up, and which state follows which
    places.py         places as numbers by slot: what is free, what fits
    queue.py          the waiting list: units, their order, a position
    promotion.py      who is asked next, and what is left for newcomers
    hours.py          waking hours
    offers.py         how long an offer stands, when to remind
    receipts.py       why: a reason and its figures for every refusal and move
    records.py        what all this needs to remember
    turn.py           one transaction on one activity: the lock, the repeat, the receipts
    filling.py        places that are free find their family
    sign_up.py        signing up: what is possible at all
    arrival.py        what a newcomer gets
    answers.py        the family's yes or no to an offer
    ranks.py          keep me, rest, come back
    cancelling.py     by the family, by the team, or the whole activity
    team.py           review, capacity, the day itself
    moving.py         to another bucket
    coverage.py       whom no message reaches
    lottery.py        an order that anybody can check
    draw.py           promise a seed, draw, report
    confirmation.py   "are you still coming?"
    tending.py        whatever is due
"""
