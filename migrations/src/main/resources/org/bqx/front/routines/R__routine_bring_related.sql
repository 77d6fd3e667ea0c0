SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.bring_related(pair text, node text) RETURNS text[]
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
-- Times and numbers go as text.
SET "DateStyle" = 'ISO'
SET extra_float_digits = 1
AS $$
#variable_conflict use_variable
DECLARE
    others CONSTANT text[] := ARRAY(
        SELECT r.related FROM bqx.related_pairs(pair) r
        JOIN bqx.pair_node n ON n.pair = r.related
        WHERE n.node <> bring_related.node ORDER BY r.related);
    changed record;
    times timestamptz[];
    indexes double precision[];
    closes double precision[];
BEGIN
    IF others = '{}' THEN
        RETURN others;
    END IF;
    FOR changed IN EXECUTE format($query$
        SELECT coalesce(h.pair, c.pair) AS pair, coalesce(h.month, c.month) AS month, h.revision
        FROM (SELECT m.pair, m.month, m.revision FROM bqx.m1_month m WHERE m.pair = ANY (%2$L)) h
        FULL JOIN (SELECT m.pair, m.month, m.revision FROM bqx.%1$I m WHERE m.pair = ANY (%2$L)) c
            ON c.pair = h.pair AND c.month = h.month
        WHERE h.revision IS DISTINCT FROM c.revision
        ORDER BY 1, 2
        $query$, 'related_month_on_' || node, others)
    LOOP
        -- Bars and revision are of one snapshot: that of this transaction on their node.
        EXECUTE format('SELECT array_agg(time), array_agg(rate_index), array_agg(close)'
            ' FROM (SELECT time, rate_index, close FROM bqx.%I WHERE time >= $1 AND time < $2 ORDER BY time) bars',
            'm1_' || changed.pair)
        INTO times, indexes, closes
        USING bqx.month_start(changed.month), bqx.month_end(changed.month);
        PERFORM bqx.call_node(node, 'keep_related', jsonb_build_object('month', changed.month, 'revision', changed.revision,
            'times', times::text, 'indexes', indexes::text, 'closes', closes::text,
            'kept_from', (SELECT p.kept_from FROM bqx.pair p WHERE p.pair = changed.pair)), changed.pair);
    END LOOP;
    RETURN others;
END
$$;
COMMENT ON FUNCTION bqx.bring_related IS
    'Brings to a node the bars beside which a pair, or the market, is computed there, from the nodes where they live: the'
    ' months that are not there as they are. Returns the pairs. Who brings the same month at the same time fails with'
    ' 40001, and finds it there when it tries again.';
