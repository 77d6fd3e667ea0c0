SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.set_rate_index() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    SELECT NEW.close / baseline_rate * 100 INTO NEW.rate_index
    FROM bqx.baseline_rates
    WHERE baseline_rates.pair = NEW.pair;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION bqx.set_rate_index IS
    'Trigger: gives a bar its rate_index when the writer left it out, or changed the close or the pair and not the'
    ' index.';
