"""One way for plans to change: what is asked is worked out anew from the facts, and what is planned is brought in line.

    changes      what became, or would become, of each follow-up: moved, cancelled, new, left out
    rehearsal    an action run for its changes only, and an action held to the changes that a person was shown
    difference   what is planned beside what the facts ask for
    writing      the differences written down, in a constant number of statements
    replanning   the above for any number of enrollments at once
    pausing      enrollments set aside and taken up again
    ending       enrollments that are over

Only what nobody was asked yet is touched: emailed, answered and ended follow-ups stay as they are, and so does one
whose email may be with the client. An action changes a fact (a client's time zone, a step, a session) and calls
`replan` in its transaction. Enrollments are locked first, in the order of their ids, then follow-ups, then deliveries.
"""
