-- The role the application works as. It owns nothing: it reads and writes rows, it cannot empty a table, and rooms
-- that are append-only take UPDATE and DELETE from it in their own migrations.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'throughcare_app') THEN
        BEGIN
            CREATE ROLE throughcare_app NOLOGIN;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;  -- another database of this server was quicker
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'The database user % may not create the role throughcare_app.', current_user
                    USING HINT = format('As an administrator of the server run: CREATE ROLE throughcare_app NOLOGIN;'
                                        ' GRANT throughcare_app TO %I; and migrate again.', current_user);
        END;
    END IF;
    IF NOT pg_has_role(current_user, 'throughcare_app', 'MEMBER') THEN
        BEGIN
            EXECUTE format('GRANT throughcare_app TO %I', current_user);
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE EXCEPTION 'The database user % may not become throughcare_app.', current_user
                USING HINT = format('As an administrator of the server run: GRANT throughcare_app TO %I;'
                                    ' and migrate again.', current_user);
        END;
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO throughcare_app', current_schema());
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO throughcare_app', current_schema());
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %I TO throughcare_app', current_schema());
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I'
                   ' GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO throughcare_app', current_schema());
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I'
                   ' GRANT USAGE, SELECT ON SEQUENCES TO throughcare_app', current_schema());
END
$$;
