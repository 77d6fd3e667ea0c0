SET LOCAL ROLE bqx_owner;

-- What a front calls here: an INSERT into bqx.call, whose RETURNING brings the result, since postgres_fdw knows rows
-- alone. So a call is part of the front's transaction. Each routine on this list runs with the rights of who inserts.
CREATE OR REPLACE FUNCTION bqx.called() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    a CONSTANT jsonb := coalesce(NEW.arguments, '{}');
BEGIN
    -- That of the front's session. Its statement_timeout works by cancelling.
    PERFORM set_config('lock_timeout', coalesce(a->>'lock_timeout', '0'), true);
    CASE NEW.routine
        WHEN 'backfill' THEN
            IF a ? 'brought' THEN
                PERFORM bqx.note_brought(ARRAY(SELECT jsonb_array_elements_text(a->'brought')));
            END IF;
            NEW.result := to_jsonb(bqx.backfill(a->>'family', NEW.pair, (a->>'month')::date, (a->>'force')::boolean));
        WHEN 'planned_write' THEN
            NEW.result := to_jsonb(bqx.planned_write(a->>'family', NEW.pair, (a->>'month')::date));
        WHEN 'record_failure' THEN
            PERFORM bqx.record_failure(a->>'family', NEW.pair, (a->>'month')::date, a->>'sqlstate', a->>'message');
        WHEN 'verify_families' THEN
            NEW.result := (
                SELECT jsonb_agg(v)
                FROM bqx.verify_families(ARRAY(SELECT jsonb_array_elements_text(a->'families')), NEW.pair,
                    (a->>'month')::date, (a->>'sample')::int, (a->>'every_row')::boolean,
                    (a->>'lowest_index')::double precision, (a->>'highest_index')::double precision) v);
        WHEN 'look_ahead' THEN
            NEW.result := (
                SELECT jsonb_agg(l)
                FROM bqx.look_ahead(a->>'family', NEW.pair, (a->>'month')::date, (a->>'sample')::int, (a->>'reach')::int) l);
        WHEN 'set_baseline' THEN
            NEW.result := to_jsonb(bqx.set_baseline(NEW.pair, (a->>'baseline_date')::date));
        WHEN 'create_months' THEN
            NEW.result := to_jsonb(bqx.create_months(NEW.pair, (a->>'from_month')::date, (a->>'to_month')::date));
        WHEN 'replace_bars' THEN
            NEW.result := to_jsonb(bqx.replace_bars(NEW.pair, a->'bars'));
        WHEN 'recount_bars' THEN
            NEW.result := (SELECT jsonb_agg(r) FROM bqx.recount_bars(NEW.pair) r);
        WHEN 'measure_bars' THEN
            NEW.result := to_jsonb(bqx.measure_bars(ARRAY(SELECT jsonb_array_elements_text(a->'pairs'))));
        WHEN 'correlate' THEN
            NEW.result := to_jsonb(bqx.correlate(a->>'target', NEW.pair, (a->>'month')::date, (a->>'force')::boolean));
        WHEN 'record_correlation_failure' THEN
            PERFORM bqx.record_correlation_failure(
                a->>'target', NEW.pair, (a->>'month')::date, a->>'sqlstate', a->>'message');
        WHEN 'define_correlation' THEN
            PERFORM bqx.define_correlation(a->>'target',
                CASE WHEN a->>'features' IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text(a->'features')) END,
                CASE WHEN a->>'windows' IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text(a->'windows')::int) END);
        WHEN 'add_pair' THEN
            NEW.result := to_jsonb(bqx.add_pair(NEW.pair, a->>'base', a->>'quote'));
        WHEN 'remove_pair' THEN
            -- A call that was lost between two nodes is made again, and finds some of them without it.
            NEW.result := (SELECT to_jsonb(bqx.remove_pair(p.pair)) FROM bqx.pair p WHERE p.pair = NEW.pair);
        WHEN 'drop_months' THEN
            NEW.result := (SELECT jsonb_agg(d) FROM bqx.drop_months((a->>'before')::date) d);
        WHEN 'enable_family' THEN
            PERFORM bqx.enable_family(a->>'family', (a->>'enabled')::boolean);
        WHEN 'define_family' THEN
            PERFORM bqx.define_family(a->>'family', ARRAY(SELECT jsonb_array_elements_text(a->'windows')::int));
        WHEN 'describe_node' THEN
            -- The history is not the owner's to read, but a runner's.
            NEW.result := bqx.describe_node() || jsonb_build_object('stages', (
                SELECT jsonb_agg(h.version ORDER BY h.version COLLATE "C") FROM bqx.flyway_schema_history h
                WHERE h.success AND h.version IS NOT NULL AND h.version <> '0'));
        WHEN 'note_pairs' THEN
            PERFORM bqx.note_pairs(a->'elsewhere');
        WHEN 'keep_related' THEN
            PERFORM bqx.keep_related(NEW.pair, (a->>'month')::date, (a->>'revision')::bigint,
                (a->>'times')::timestamptz[], (a->>'indexes')::double precision[], (a->>'closes')::double precision[],
                (a->>'kept_from')::date);
        WHEN 'adopt_pair' THEN
            PERFORM bqx.adopt_pair(NEW.pair, a->'months', nullif(a->'baseline', 'null'), (a->>'kept_from')::date);
        WHEN 'release_pair' THEN
            PERFORM bqx.release_pair(NEW.pair);
        ELSE
            RAISE EXCEPTION 'a front can not call "%"', NEW.routine USING ERRCODE = 'undefined_function';
    END CASE;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION bqx.called IS
    'Trigger of bqx.call: calls one of a list of routines, with the caller''s rights, and returns what that returns.';
