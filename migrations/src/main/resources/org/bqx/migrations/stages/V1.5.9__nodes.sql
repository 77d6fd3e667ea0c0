-- The role that a front of several servers has here: it computes, reads, and keeps what this node must know of the
-- others. It can not log in before somebody gives it a password. Who migrates may lack the right to make it: then this
-- database is no node until somebody else has.
DO $$
BEGIN
    IF to_regrole('bqx_front') IS NULL THEN
        CREATE ROLE bqx_front NOLOGIN;
    END IF;
    GRANT bqx_runner, bqx_reader TO bqx_front;
EXCEPTION
    WHEN insufficient_privilege THEN
        NULL;
END
$$;
