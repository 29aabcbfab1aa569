-- Who may answer a question, and which questions a ticket has: they end when it is solved.
-- oldest reader: 2
-- approver_kind is a NoticeTarget; NULL: whoever may write to the customer.
ALTER TABLE question ADD COLUMN approver_kind INTEGER;
-- step
ALTER TABLE question ADD COLUMN approver TEXT NOT NULL DEFAULT '';
-- step
CREATE INDEX question_ticket ON question (ticket) WHERE answered IS NULL;
