-- Accounts with remote helpdesks: what each holds of a ticket, what waits to be sent, what disagrees.
-- oldest reader: 2
CREATE TABLE account (
    name TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    url TEXT NOT NULL,
    user TEXT NOT NULL DEFAULT '',
    options TEXT NOT NULL DEFAULT '{}',
    places TEXT NOT NULL DEFAULT '[]',
    me TEXT NOT NULL DEFAULT '{}',
    product TEXT NOT NULL DEFAULT '',
    cursor TEXT NOT NULL DEFAULT '',
    clock_offset INTEGER,
    needs_sign_in INTEGER NOT NULL DEFAULT 0,
    problem TEXT NOT NULL DEFAULT '',
    synced INTEGER,
    created INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
-- step
-- People of the remote by its own ids, and who of them is an agent here.
CREATE TABLE account_user (
    account TEXT NOT NULL REFERENCES account (name),
    remote TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    is_agent INTEGER NOT NULL DEFAULT 0,
    agent TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (account, remote)
) WITHOUT ROWID, STRICT;
-- step
-- base: the fields on which both sides last agreed. number: the id again where it is one, so that a
-- listing of numbers can be compared with what is held.
CREATE TABLE remote_ticket (
    account TEXT NOT NULL REFERENCES account (name),
    remote TEXT NOT NULL,
    number INTEGER,
    ticket INTEGER NOT NULL UNIQUE REFERENCES ticket (id),
    version TEXT NOT NULL DEFAULT '',
    base TEXT NOT NULL DEFAULT '{}',
    updated INTEGER NOT NULL,
    presence INTEGER NOT NULL DEFAULT 0,
    merged_into TEXT NOT NULL DEFAULT '',
    link TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (account, remote)
) WITHOUT ROWID, STRICT;
-- step
CREATE INDEX remote_ticket_number ON remote_ticket (account, number) WHERE number IS NOT NULL;
-- step
-- Entries of remote histories that are in the log already, so that a page may come twice.
CREATE TABLE remote_entry (
    account TEXT NOT NULL,
    entry TEXT NOT NULL,
    ticket INTEGER NOT NULL,
    operation TEXT NOT NULL DEFAULT '',
    at INTEGER NOT NULL,
    PRIMARY KEY (account, entry)
) WITHOUT ROWID, STRICT;
-- step
CREATE INDEX remote_entry_ticket ON remote_entry (ticket, at);
-- step
-- What an operation of a Tierline (this one or another) sets over there, written before it is sent: an
-- entry of the same author with the same value is its echo, and no change of somebody else.
CREATE TABLE echo (
    account TEXT NOT NULL,
    ticket INTEGER NOT NULL,
    operation TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    author TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account, ticket, operation, field)
) WITHOUT ROWID, STRICT;
-- step
CREATE TABLE conflict (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    ticket INTEGER NOT NULL REFERENCES ticket (id),
    field TEXT NOT NULL,
    base TEXT NOT NULL,
    local TEXT NOT NULL,
    remote TEXT NOT NULL,
    local_by TEXT NOT NULL,
    remote_by TEXT NOT NULL,
    at INTEGER NOT NULL,
    resolved INTEGER
) WITHOUT ROWID, STRICT;
-- step
CREATE UNIQUE INDEX conflict_open ON conflict (ticket, field) WHERE resolved IS NULL;
-- step
-- Files that are still only at the remote; fetched when somebody wants them.
CREATE TABLE remote_file (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    remote TEXT NOT NULL,
    message INTEGER NOT NULL REFERENCES message (id),
    name TEXT NOT NULL,
    content_type TEXT NOT NULL DEFAULT '',
    size INTEGER NOT NULL DEFAULT 0
) STRICT;
-- step
CREATE INDEX remote_file_message ON remote_file (message);
-- step
-- How far each step of an operation has come, and when its last byte left.
ALTER TABLE outbox ADD COLUMN steps TEXT NOT NULL DEFAULT '[]';
-- step
ALTER TABLE outbox ADD COLUMN sent INTEGER;
-- step
CREATE INDEX outbox_ticket ON outbox (ticket, created);
