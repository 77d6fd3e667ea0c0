SET LOCAL ROLE bqx_owner;

-- Dropped first: the release before returned other columns.
DROP FUNCTION IF EXISTS bqx.read_source(text, text, date);
CREATE FUNCTION bqx.read_source(family text, pair text, month date) RETURNS bqx.source
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
-- There is one good plan, by index in time order; a fresh table's missing statistics must not find another.
SET enable_seqscan = off
SET jit = off
AS $$
#variable_conflict use_variable
DECLARE
    known bqx.family;
    baseline double precision;
    bars_of_pair CONSTANT text := format('bqx.%I', 'm1_' || pair);
    values_of_lookback text;
    values_of_bars text;
    columns text;
    columns_of_minutes text;
    prices text;
    whole text;
    price_values double precision[];
    month_bars int;
    related record;
    minutes double precision[];
    unknown text;
    source bqx.source;
BEGIN
    SELECT f.* INTO STRICT known FROM bqx.family f WHERE f.family = read_source.family;
    SELECT b.baseline_rate INTO baseline FROM bqx.baseline_rates b WHERE b.pair = read_source.pair;

    source.pairs := ARRAY[pair];
    IF known.related_max_age IS NOT NULL THEN
        source.pairs := source.pairs || ARRAY(
            SELECT r.related FROM bqx.related_pairs(pair) r WHERE r.related IS NOT NULL ORDER BY r.slot);
    END IF;
    SELECT string_agg(e.pair || ' on ' || e.node, ', ' ORDER BY e.pair) INTO unknown
    FROM bqx.pair_elsewhere e
    WHERE e.pair = ANY (source.pairs) AND (e.brought_at IS NULL OR e.pair = read_source.pair);
    IF unknown IS NOT NULL THEN
        RAISE EXCEPTION 'family % of % reads pairs that live on another node, whose bars are not here: %', family, pair, unknown
            USING ERRCODE = 'QX009', HINT = 'Compute it by the front, which brings them.';
    END IF;
    IF known.scope = 'market' THEN
        -- Its families look at a minute, and have no lookback.
        related := bqx.read_related(
            pair, bqx.month_start(month) - known.related_max_age * INTERVAL '1 minute',
            bqx.month_end(month) - INTERVAL '1 microsecond', known.related_max_age, NULL);
        source.times := ARRAY(SELECT to_timestamp(60 * minute) FROM unnest(related.minutes) minute ORDER BY minute);
        month_bars := cardinality(source.times);
        source.inputs := array_fill(double precision '100', ARRAY[month_bars]);
        price_values := '{}';
        source.skip := 0;
    ELSE
        whole := CASE known.lookahead
            WHEN 0 THEN 'lookback.%1$s || month.%1$s'
            ELSE 'lookback.%1$s || month.%1$s || following.%1$s'
        END;

        -- Only a NULL rate_index makes an element NULL.
        SELECT string_agg(format(', coalesce(array_agg(%s ORDER BY time), ''{}'') AS c%s', i.value, i.no), '' ORDER BY i.no),
            string_agg(format(', coalesce(array_agg(%s), ''{}'') AS c%s', i.value, i.no), '' ORDER BY i.no),
            string_agg(format(whole, 'c' || i.no), ' || ' ORDER BY i.no) FILTER (WHERE i.name <> 'related'),
            string_agg(format(whole, 'c' || i.no), '') FILTER (WHERE i.name = 'related'),
            string_agg(format(whole, 'c' || i.no), ' || ' ORDER BY i.no) FILTER (WHERE i.name = ANY ('{x,o,h,l,open,high,low,close}'))
        INTO values_of_lookback, values_of_bars, columns, columns_of_minutes, prices
        FROM (
            SELECT no, name, CASE name
                WHEN 'x' THEN 'rate_index'
                WHEN 'o' THEN 'coalesce(open / $5 * 100, ''NaN'')'
                WHEN 'h' THEN 'coalesce(high / $5 * 100, ''NaN'')'
                WHEN 'l' THEN 'coalesce(low / $5 * 100, ''NaN'')'
                WHEN 'bid' THEN 'coalesce(bid_close, ''NaN'')'
                WHEN 'ask' THEN 'coalesce(ask_close, ''NaN'')'
                WHEN 'minute' THEN 'date_part(''epoch'', time) / 60'
                -- As of which the bars of related pairs are looked up.
                WHEN 'related' THEN 'tstzrange_subdiff(time, ''1970-01-01 00:00Z'') / 60'
                ELSE format('coalesce(%I, ''NaN'')', name)
            END AS value
            FROM unnest(known.inputs) WITH ORDINALITY input (name, no)
        ) i;
        -- Each side is read by index, so nothing is sorted but the lookback.
        EXECUTE format($query$
            WITH lookback AS (
                SELECT coalesce(array_agg(time ORDER BY time), '{}') AS times %s
                FROM (SELECT * FROM %2$s WHERE time < $1 ORDER BY time DESC LIMIT $3) AS bars
            ), month AS (
                SELECT coalesce(array_agg(time), '{}') AS times %3$s
                FROM (SELECT * FROM %2$s WHERE time >= $1 AND time < $2 ORDER BY time) AS bars
            ) %4$s
            SELECT %5$s, %6$s, %7$s, %8$s, cardinality(lookback.times), cardinality(month.times)
            FROM lookback, month %9$s
            $query$,
            values_of_lookback, bars_of_pair, values_of_bars,
            CASE WHEN known.lookahead > 0 THEN format($query$, following AS (
                SELECT coalesce(array_agg(time), '{}') AS times %s
                FROM (SELECT * FROM %s WHERE time >= $2 ORDER BY time LIMIT $4) AS bars
            )$query$, values_of_bars, bars_of_pair) END,
            format(whole, 'times'), prices, columns, coalesce(columns_of_minutes, 'NULL'),
            CASE WHEN known.lookahead > 0 THEN ', following' END)
        INTO STRICT source.times, price_values, source.inputs, minutes, source.skip, month_bars
        USING bqx.month_start(month), bqx.month_end(month), known.lookback, known.lookahead, baseline;
        IF known.related_max_age IS NOT NULL AND cardinality(source.times) > 0 THEN
            related := bqx.read_related(
                pair, source.times[1] - known.related_max_age * INTERVAL '1 minute',
                source.times[cardinality(source.times)], known.related_max_age, minutes);
        END IF;
    END IF;

    source.bars := cardinality(source.times);
    source.tail := source.bars - source.skip - month_bars;
    source.open := least(month_bars, known.lookahead - source.tail);
    source.windows := known.windows;
    source.baseline_rate := baseline;
    source.from_month := CASE
        WHEN source.skip < known.lookback THEN DATE '-infinity'
        WHEN source.bars = 0 THEN month
        ELSE bqx.month_of(source.times[1] - coalesce(known.related_max_age, 0) * INTERVAL '1 minute')
    END;
    source.to_month := CASE
        WHEN known.lookahead = 0 THEN month
        WHEN source.tail < known.lookahead THEN DATE 'infinity'
        ELSE bqx.month_of(source.times[source.bars])
    END;
    IF source.bars > 0 AND known.related_max_age IS NOT NULL THEN
        source.inputs := source.inputs || related.columns;
    END IF;
    source.revision := (
        SELECT sum(m.revision) FROM bqx.source_month m
        WHERE m.pair = ANY (source.pairs) AND m.month BETWEEN source.from_month AND source.to_month);

    -- A bar may have no volume, bid or ask, but it has its prices. NaN is greater than infinity.
    source.bad_bars := 0;
    IF (0 < ALL (price_values) AND 'Infinity' > ALL (price_values)) IS NOT TRUE THEN
        SELECT count(*), min(source.times[bad.position]) INTO source.bad_bars, source.first_bad
        FROM (
            SELECT DISTINCT (price.no - 1) % source.bars + 1 AS position
            FROM unnest(price_values) WITH ORDINALITY AS price (value, no)
            WHERE NOT coalesce(price.value > 0 AND price.value < 'Infinity', false)
        ) bad;
    END IF;
    source.digest := bqx.source_digest(source.times, source.inputs, source.bars, source.bad_bars, source.bars);
    RETURN source;
END
$$;
COMMENT ON FUNCTION bqx.read_source IS
    'What a partition is computed from, all of one snapshot: that of the statement which calls this.';
