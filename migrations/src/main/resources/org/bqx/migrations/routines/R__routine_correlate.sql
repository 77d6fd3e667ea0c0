SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.correlate(target text, pair text, month date, force boolean DEFAULT false)
RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    session_version text;
    begun record;
    one_family text;
    results double precision[] := '{}';
BEGIN
    PERFORM bqx.require_java();
    session_version := bqx.functions_version('target_corr');
    IF session_version IS DISTINCT FROM bqx.correlation_version() THEN
        RAISE EXCEPTION 'this session runs functions of target_corr of %, installed is %',
            session_version, bqx.correlation_version()
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'The jar was replaced since this session loaded it: connect again.';
    END IF;
    begun := bqx.begin_correlation(target, pair, month, force, session_version);
    IF begun.features IS NULL THEN
        RETURN 0;
    END IF;
    FOR one_family IN
        SELECT f.family FROM unnest(begun.families) WITH ORDINALITY f (family, no) GROUP BY f.family ORDER BY min(f.no)
    LOOP
        results := results || ARRAY(
            SELECT e.value
            FROM bqx.read_features(one_family, pair, begun.features, begun.from_time, begun.to_time)
                WITH ORDINALITY f (feature, series, no)
            CROSS JOIN LATERAL bqx.correlation_rows(
                f.series, begun.targets, begun.placebo, begun.windows, begun.skip, begun.step)
                WITH ORDINALITY r (elements, no)
            CROSS JOIN LATERAL unnest(r.elements) WITH ORDINALITY e (value, no)
            ORDER BY f.no, r.no, e.no);
    END LOOP;
    RETURN bqx.finish_correlation(target, pair, bqx.check_month(month), results);
END
$$;
GRANT EXECUTE ON FUNCTION bqx.correlate TO bqx_runner;
COMMENT ON FUNCTION bqx.correlate IS
    'Correlates the features of a pair''s month with a target, by Java in the server. Returns the rows written, 0'
    ' when it is done and left alone, or when nothing that it reads has changed. All or nothing, with the caller''s'
    ' COMMIT.';
