-- Documents that a workspace is set up with, through their editions, and which team has a customer's account.
-- oldest reader: 2
-- kind: "matrix", "procedure", "roster" …; name is empty where there is one of a kind. The newest edition rules; one
-- without text says that the document was taken away.
CREATE TABLE edition (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    number INTEGER NOT NULL,
    made INTEGER NOT NULL,
    actor TEXT NOT NULL,
    why TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (kind, name, number)
) WITHOUT ROWID, STRICT;
-- step
CREATE TABLE account_team (
    organization INTEGER PRIMARY KEY REFERENCES organization (id) ON DELETE CASCADE,
    team TEXT NOT NULL
) STRICT;
