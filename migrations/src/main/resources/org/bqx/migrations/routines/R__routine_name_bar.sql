SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.name_bar(message text, times timestamptz[]) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found CONSTANT text[] := regexp_match(message, '(\mat bar |\mrate_index\[)(\d{1,9})(\]?)');
    said CONSTANT text := found[1] || found[2] || found[3];
BEGIN
    RETURN CASE
        WHEN found IS NULL OR found[2]::int NOT BETWEEN 1 AND cardinality(times) THEN message
        ELSE replace(message, said, CASE found[3] WHEN ']' THEN 'rate_index ' ELSE '' END
            || 'at ' || bqx.utc_text(times[found[2]::int]))
    END;
END
$$;
COMMENT ON FUNCTION bqx.name_bar IS
    'What Java says of a bar that it was given, with the bar''s time in the place of its number.';
