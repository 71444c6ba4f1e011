"""How an email leaves: rows say what is to be sent, and every step is one short transaction of its own.

    queueing    a follow-up that fell due gets its invitation, later its reminders
    claiming    a worker takes a batch under a lease; leases that ran out are taken back
    handoff     the fence, just before the point of no return: is this still ours to send, and still wanted?
    facts       what that is decided on, read and held for a whole group of emails
    settling    what the mail server answered, or that it never did
    notices     what an email provider tells of an email later: delivered, came back, not wanted
    ending      follow-ups that are over take what is still unsent with them
    sending     the loop that carries claimed rows to the transport in groups, outside of any transaction
    circuit     whether the mail server is tried at all: one answer for all workers
    rate        no more than so many a minute to one domain
    drain       one tick: everything of the above, in order
    heartbeat   when the last tick was

These steps write the follow-up's ledger (`ledger`) rather than audit events, so that sending never waits for the audit
chain. Whoever locks several rows takes them in this order: consent and client, enrollment, follow-up, delivery; several
of a kind in the order of their ids, or passes over those that are held.
"""
