SET LOCAL ROLE bqx_owner;

-- Dropped first: with another parameter it would be another function.
DROP FUNCTION IF EXISTS bqx.adopt_pair(text, jsonb, jsonb);
-- SECURITY DEFINER: a front writes here so.
CREATE OR REPLACE FUNCTION bqx.adopt_pair(pair text, months jsonb, baseline jsonb, kept_from date DEFAULT NULL) RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
    -- The same bars count as often changed: what other nodes computed beside them stays done.
    UPDATE bqx.m1_month m SET revision = moved.revision
    FROM (SELECT k.key::date AS month, k.value::bigint AS revision FROM jsonb_each_text(months) k) moved
    WHERE m.pair = adopt_pair.pair AND m.month = moved.month;
    -- A month that has lost its bars.
    INSERT INTO bqx.m1_month (pair, month, bars, revision, changed_at)
    SELECT pair, k.key::date, 0, k.value::bigint, clock_timestamp() FROM jsonb_each_text(months) k
    ON CONFLICT DO NOTHING;
    -- Whatever it was: by this row fails who writes bars by an older snapshot.
    UPDATE bqx.pair p SET kept_from = coalesce(adopt_pair.kept_from, p.kept_from) WHERE p.pair = adopt_pair.pair;
    INSERT INTO bqx.baseline_rates AS b (pair, baseline_date, baseline_time, baseline_rate, created_at)
    SELECT pair, r.baseline_date, r.baseline_time, r.baseline_rate, r.created_at
    FROM jsonb_to_record(baseline) r (
        baseline_date date, baseline_time timestamptz, baseline_rate double precision, created_at timestamptz)
    WHERE baseline IS NOT NULL
    ON CONFLICT ON CONSTRAINT baseline_rates_pkey DO UPDATE
    SET baseline_date = excluded.baseline_date, baseline_time = excluded.baseline_time,
        baseline_rate = excluded.baseline_rate, created_at = excluded.created_at;
END
$$;
COMMENT ON FUNCTION bqx.adopt_pair IS
    'Gives a pair whose bars have been moved here the revisions of its months, its baseline, and what was dropped of it.'
    ' For a front alone.';
