SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.pair_bytes(pair text, before_month date) RETURNS bigint
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint
    FROM (SELECT 'm1' UNION ALL SELECT family FROM bqx.feature) kind (name)
    JOIN pg_inherits i ON i.inhparent = to_regclass(format('bqx.%I', kind.name || '_' || pair_bytes.pair))
    JOIN pg_class c ON c.oid = i.inhrelid
    WHERE right(c.relname, 7) < to_char(before_month, 'YYYY_MM') OR before_month = 'infinity';
END;
COMMENT ON FUNCTION bqx.pair_bytes IS
    'Bytes on disk, indexes included, of a pair''s bars and features of the months before one; infinity for all of'
    ' them.';
