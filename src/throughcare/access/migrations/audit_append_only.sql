-- What was looked at stays looked at: audit lines and their places refuse every change, whoever asks.
CREATE FUNCTION access_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is refused: % is append-only.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER access_auditline_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_auditline
FOR EACH STATEMENT EXECUTE FUNCTION access_refuse_change();

CREATE TRIGGER access_auditplace_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_auditplace
FOR EACH STATEMENT EXECUTE FUNCTION access_refuse_change();

REVOKE UPDATE, DELETE, TRUNCATE ON access_auditline, access_auditplace FROM throughcare_app;

-- Every line waits for a place from the moment it is written, in the same transaction. So a line that is committed
-- late is still found, whatever its number, and none is passed over.
CREATE FUNCTION access_let_line_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO access_auditwaiting (line_id) VALUES (NEW.id);
    RETURN NULL;
END
$$;

CREATE TRIGGER access_auditline_waits AFTER INSERT ON access_auditline
FOR EACH ROW EXECUTE FUNCTION access_let_line_wait();
