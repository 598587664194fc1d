-- Papers are only added. Their bytes go where an entry that they rest on was lawfully erased, and only then.
CREATE FUNCTION recall_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'papers are only added: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = 'Make a new version';
END $$;

CREATE FUNCTION recall_refuse_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM recall_paper p JOIN ledger_erasure e ON e.entry_id = ANY (p.basis) WHERE p.id = OLD.paper_id
    ) THEN
        RAISE EXCEPTION 'papers are only added: % of % is refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege', HINT = 'Erase an entry that it rests on with ledger_erase';
    END IF;
    RETURN OLD;
END $$;

-- An erasure is written with the rights of the ledger's owner (ledger_erase), and so is this.
CREATE FUNCTION recall_forget_erased() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    DELETE FROM recall_paper_content c USING recall_paper p WHERE p.id = c.paper_id AND NEW.entry_id = ANY (p.basis);
    RETURN NULL;
END $$;

CREATE TRIGGER recall_paper_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON recall_paper
FOR EACH STATEMENT EXECUTE FUNCTION recall_refuse_change();
CREATE TRIGGER recall_paper_content_append_only BEFORE UPDATE OR TRUNCATE ON recall_paper_content
FOR EACH STATEMENT EXECUTE FUNCTION recall_refuse_change();
CREATE TRIGGER recall_paper_content_erased_only BEFORE DELETE ON recall_paper_content
FOR EACH ROW EXECUTE FUNCTION recall_refuse_unless_erased();
CREATE TRIGGER recall_papers_forget_erased AFTER INSERT ON ledger_erasure
FOR EACH ROW EXECUTE FUNCTION recall_forget_erased();

CREATE INDEX recall_paper_basis ON recall_paper USING gin (basis);
REVOKE UPDATE, DELETE, TRUNCATE ON recall_paper, recall_paper_content FROM throughcare_app;
