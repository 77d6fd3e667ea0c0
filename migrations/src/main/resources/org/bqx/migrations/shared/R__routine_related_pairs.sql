SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.related_pairs(pair text)
RETURNS TABLE (slot int, side text, currency text, related text, direction int)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH strong (name, no) AS (
        SELECT * FROM unnest('{aud,cad,chf,eur,gbp,jpy,nzd,usd}'::text[]) WITH ORDINALITY
    ), own AS (
        SELECT base, quote FROM bqx.pair WHERE pair.pair = related_pairs.pair
    ), currency AS (
        SELECT base AS name FROM bqx.pair UNION SELECT quote FROM bqx.pair
    )
    SELECT (row_number() OVER (ORDER BY currency.name COLLATE "C", side.no))::int, side.name, currency.name, p.pair,
        -- Where its base is our base, or its quote our quote, it moves with us.
        1 - 2 * ((p.base = side.shared) <> (side.no = 1))::int
    FROM own
    JOIN currency ON currency.name NOT IN (own.base, own.quote)
    CROSS JOIN LATERAL (VALUES (1, 'base', own.base), (2, 'quote', own.quote)) AS side (no, name, shared)
    LEFT JOIN bqx.pair p ON (p.base, p.quote) IN ((side.shared, currency.name), (currency.name, side.shared))
    UNION ALL
    SELECT (row_number() OVER (ORDER BY one.no, other.no))::int, one.name, other.name, p.pair,
        1 - 2 * (p.base <> one.name)::int
    FROM strong one
    JOIN strong other ON other.no > one.no
    LEFT JOIN bqx.pair p ON (p.base, p.quote) IN ((one.name, other.name), (other.name, one.name))
    WHERE related_pairs.pair = 'market'
    ORDER BY 1;
END;
GRANT EXECUTE ON FUNCTION bqx.related_pairs TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.related_pairs IS
    'The pairs that share a currency with a pair, as a family''s input ''related'' has them: for each other'
    ' currency, in alphabetical order, its pair with the base, then that with the quote; related is NULL where there'
    ' is none. direction is 1 where the related pair rises, as far as their common currency moves it, with this one,'
    ' else -1. Of the market: for each two of eight currencies, in alphabetical order, their pair; direction is -1'
    ' where it is the second currency in the first.';
