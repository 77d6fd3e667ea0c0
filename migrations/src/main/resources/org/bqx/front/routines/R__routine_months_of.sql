SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: the helpers are nobody's.
CREATE OR REPLACE FUNCTION bqx.months_of(node text) RETURNS TABLE (pair text, month date, bars bigint, revision bigint)
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    found bqx.m1_month[];
BEGIN
    IF to_regclass(format('bqx.%I', 'm1_month_on_' || months_of.node)) IS NULL THEN
        RETURN;
    END IF;
    EXECUTE format('SELECT array_agg(m::bqx.m1_month) FROM bqx.%I m', 'm1_month_on_' || months_of.node) INTO found;
    RETURN QUERY SELECT m.pair, m.month, m.bars, m.revision FROM unnest(found) m;
EXCEPTION
    WHEN connection_exception OR admin_shutdown OR crash_shutdown OR cannot_connect_now OR too_many_connections
        OR invalid_authorization_specification THEN
        RETURN QUERY
        SELECT k.pair, k.month, k.bars, NULL::bigint
        FROM bqx.pair_month k JOIN bqx.pair_node p ON p.pair = k.pair AND p.node = months_of.node;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.months_of TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.months_of IS
    'bqx.m1_month of a node; where it does not answer, the months as bqx.note_months has last seen them, without a'
    ' revision.';
