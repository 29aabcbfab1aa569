-- What the rule engine keeps: a timer for each ticket, what has fired, ladders, questions and notices.
-- oldest reader: 2
-- When a ticket must be looked at next although nothing happens to it. One row a ticket, so that a change
-- re-arms it with one write however many rules there are.
CREATE TABLE timer (
    ticket INTEGER PRIMARY KEY REFERENCES ticket (id) ON DELETE CASCADE,
    due INTEGER NOT NULL,
    cause TEXT NOT NULL
) STRICT;
-- step
CREATE INDEX timer_due ON timer (due, ticket, cause);
-- step
-- What fired, or would have. mode 0 is real, 1 a shadow. The unique index is what makes a firing happen
-- once: its row is written in the transaction of all that it does.
CREATE TABLE firing (
    number INTEGER PRIMARY KEY,
    ticket INTEGER NOT NULL REFERENCES ticket (id) ON DELETE CASCADE,
    rule TEXT NOT NULL,
    era INTEGER NOT NULL,
    anchor TEXT NOT NULL,
    level INTEGER NOT NULL,
    mode INTEGER NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    due INTEGER NOT NULL,
    at INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    sentence TEXT NOT NULL,
    deeds TEXT NOT NULL,
    operation TEXT NOT NULL,
    led_by INTEGER,
    depth INTEGER NOT NULL
) STRICT;
-- step
CREATE UNIQUE INDEX firing_once ON firing (ticket, rule, era, anchor, level, mode);
-- step
CREATE INDEX firing_rule ON firing (rule, at);
-- step
CREATE INDEX firing_operation ON firing (operation) WHERE operation <> '';
-- step
-- A ladder under way: begun by a firing, `looked` is up to when its levels are done. state 0 climbs,
-- 1 rests since it was acknowledged, 2 is over.
CREATE TABLE ladder (
    firing INTEGER PRIMARY KEY REFERENCES firing (number) ON DELETE CASCADE,
    ticket INTEGER NOT NULL REFERENCES ticket (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    clock TEXT NOT NULL,
    began INTEGER NOT NULL,
    looked INTEGER NOT NULL,
    cycle INTEGER NOT NULL,
    state INTEGER NOT NULL
) STRICT;
-- step
CREATE INDEX ladder_ticket ON ladder (ticket) WHERE state < 2;
-- step
-- What waits for a person's yes: a message to a customer that would come too late, an approval.
CREATE TABLE question (
    id TEXT PRIMARY KEY,
    firing INTEGER NOT NULL REFERENCES firing (number) ON DELETE CASCADE,
    ticket INTEGER NOT NULL REFERENCES ticket (id) ON DELETE CASCADE,
    asked INTEGER NOT NULL,
    why TEXT NOT NULL,
    actions TEXT NOT NULL,
    answered INTEGER,
    answer INTEGER NOT NULL DEFAULT 0,
    answered_by TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID, STRICT;
-- step
CREATE INDEX question_open ON question (asked) WHERE answered IS NULL;
-- step
-- What people were to be told. state 0 waits, 1 was handed over, 2 was kept back.
CREATE TABLE notice (
    id INTEGER PRIMARY KEY,
    firing INTEGER NOT NULL REFERENCES firing (number) ON DELETE CASCADE,
    ticket INTEGER NOT NULL REFERENCES ticket (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    target TEXT NOT NULL,
    text TEXT NOT NULL,
    is_urgent INTEGER NOT NULL,
    state INTEGER NOT NULL
) STRICT;
-- step
CREATE INDEX notice_waiting ON notice (at) WHERE state = 0;
-- step
CREATE INDEX notice_ticket ON notice (ticket);
-- step
-- How far the engine has come: in the change feed, in a walk over all tickets, and with which rules.
CREATE TABLE engine_state (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID, STRICT;
