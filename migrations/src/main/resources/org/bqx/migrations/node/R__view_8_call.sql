SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE VIEW bqx.call AS
SELECT NULL::text AS pair, NULL::text AS routine, NULL::jsonb AS arguments, NULL::jsonb AS result WHERE false;
CREATE OR REPLACE TRIGGER called INSTEAD OF INSERT ON bqx.call FOR EACH ROW EXECUTE FUNCTION bqx.called();
GRANT INSERT ON bqx.call TO bqx_runner;
COMMENT ON VIEW bqx.call IS 'no rows: an INSERT calls a routine, for a front; RETURNING brings the result';
COMMENT ON COLUMN bqx.call.pair IS 'the pair; NULL where the routine takes none';
COMMENT ON COLUMN bqx.call.routine IS 'name of the routine';
COMMENT ON COLUMN bqx.call.arguments IS 'the others, by their names';
COMMENT ON COLUMN bqx.call.result IS 'what it returns';

-- Of what a node holds, what lives here: a pair that has just moved may have left something behind.
CREATE OR REPLACE VIEW bqx.own_progress AS
SELECT p.*, s.source_revision, s.source_from, s.source_to, s.source_pairs
FROM bqx.progress p
LEFT JOIN bqx.partition_state s ON s.family = p.family AND s.pair = p.pair AND s.month = p.month
    AND cardinality(s.source_pairs) > 1
WHERE p.pair NOT IN (SELECT e.pair FROM bqx.pair_elsewhere e);
COMMENT ON VIEW bqx.own_progress IS 'bqx.progress of the pairs that live here, for a front';

CREATE OR REPLACE VIEW bqx.own_session AS
SELECT a.pid, a.application_name, a.state, concat_ws(' ', a.wait_event_type, a.wait_event) AS wait,
    extract(epoch FROM clock_timestamp()
        - CASE WHEN a.state LIKE 'idle%' THEN a.state_change ELSE a.query_start END)::double precision AS seconds
FROM pg_stat_activity a
WHERE a.datname = current_database() AND coalesce(a.backend_type, 'client backend') = 'client backend';
COMMENT ON VIEW bqx.own_session IS 'who is connected to this database, for a front''s monitor';
COMMENT ON COLUMN bqx.own_session.pid IS 'server process';
COMMENT ON COLUMN bqx.own_session.application_name IS 'what the client calls itself';
COMMENT ON COLUMN bqx.own_session.state IS 'as in pg_stat_activity';
COMMENT ON COLUMN bqx.own_session.wait IS 'what it waits for';
COMMENT ON COLUMN bqx.own_session.seconds IS 'since when it is in its state';

CREATE OR REPLACE VIEW bqx.own_miscounted_month AS
SELECT k.is_exact, m.pair, m.month, m.noted, m.found
FROM (VALUES (false), (true)) k (is_exact)
CROSS JOIN LATERAL bqx.miscounted_months(k.is_exact) m;
COMMENT ON VIEW bqx.own_miscounted_month IS 'bqx.miscounted_months, for a front';
COMMENT ON COLUMN bqx.own_miscounted_month.is_exact IS 'whether all bars are counted';
COMMENT ON COLUMN bqx.own_miscounted_month.pair IS 'the pair';
COMMENT ON COLUMN bqx.own_miscounted_month.month IS 'first day of the month (UTC)';
COMMENT ON COLUMN bqx.own_miscounted_month.noted IS 'bars that bqx.m1_month has';
COMMENT ON COLUMN bqx.own_miscounted_month.found IS 'bars that are there';

CREATE OR REPLACE VIEW bqx.own_size AS
SELECT s.family, s.pair, s.bytes FROM bqx.read_sizes() s;
COMMENT ON VIEW bqx.own_size IS 'bytes on disk, indexes included, for a front''s monitor';
COMMENT ON COLUMN bqx.own_size.family IS 'the family; m1 for bars';
COMMENT ON COLUMN bqx.own_size.pair IS 'the pair';
COMMENT ON COLUMN bqx.own_size.bytes IS 'bytes';
