SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.add_node(
    node text, host text, port int, dbname text, user_name text DEFAULT 'bqx_front', password text DEFAULT NULL,
    options jsonb DEFAULT '{}')
RETURNS void
LANGUAGE plpgsql
SET role = bqx_owner
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    server CONSTANT text := 'bqx_' || node;
    is_first CONSTANT boolean := NOT EXISTS (SELECT FROM bqx.node);
    found jsonb;
    one record;
    wrong text;
BEGIN
    IF (node ~ '^[a-z][a-z0-9_]{0,19}$') IS NOT TRUE OR host IS NULL OR port IS NULL OR dbname IS NULL THEN
        RAISE EXCEPTION 'node "%" at host %, port %, database %: a name of lower-case letters, digits and _, at most 20,'
            ' and all of the rest are needed', node, host, port, dbname
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO bqx.node (node, host, port, dbname, user_name) VALUES (node, host, port, dbname, user_name);
    -- batch_size: 500 bars a statement are as fast as 2,000, and an error's context names all their parameters.
    -- fetch_size: 2,000 rows of 60 columns are 2 MB, held once for each pair that is read at a time; more are no faster.
    -- A node's session notices within a second that the front is gone, and what it has reported as done is on
    -- its disk. All that a front asks for it reads: there are no first rows to be quick for.
    EXECUTE format('CREATE SERVER %I FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host %L, port %L, dbname %L,'
        ' fetch_size ''2000'', batch_size ''500'', async_capable ''true'', truncatable ''false'', connect_timeout ''5'','
        ' keepalives_idle ''60'', keepalives_interval ''10'', keepalives_count ''5'', tcp_user_timeout ''60000'','
        ' application_name ''bqx front %%d %%p'','
        ' options ''-c client_connection_check_interval=1s -c synchronous_commit=on -c jit=off -c cursor_tuple_fraction=1'')',
        server, host, port, dbname);
    FOR one IN SELECT o.key, o.value FROM jsonb_each_text(options) o LOOP
        EXECUTE format('ALTER SERVER %I OPTIONS (%s %I %L)', server, CASE WHEN EXISTS (
            SELECT FROM pg_foreign_server s, pg_options_to_table(s.srvoptions) given
            WHERE s.srvname = server AND given.option_name = one.key) THEN 'SET' ELSE 'ADD' END, one.key, one.value);
    END LOOP;
    -- Rights on the tables here say who reads and writes; on the node all of them are its bqx_front. Nobody has USAGE
    -- on the server, so that nobody makes tables of his own.
    EXECUTE format('CREATE USER MAPPING FOR PUBLIC SERVER %I OPTIONS (user %L%s)', server, user_name,
        CASE WHEN password IS NOT NULL THEN format(', password %L', password) END);
    EXECUTE format('CREATE FOREIGN TABLE bqx.%I (pair text, routine text, arguments jsonb, result jsonb)'
        ' SERVER %I OPTIONS (schema_name ''bqx'', table_name ''call'')', 'call_on_' || node, server);
    EXECUTE format('REVOKE ALL ON bqx.%I FROM bqx_runner, bqx_reader', 'call_on_' || node);
    EXECUTE format('CREATE FOREIGN TABLE bqx.%I (pid int, application_name text, state text, wait text, seconds float8)'
        ' SERVER %I OPTIONS (schema_name ''bqx'', table_name ''own_session'', updatable ''false'')',
        'session_on_' || node, server);
    EXECUTE format('CREATE FOREIGN TABLE bqx.%I (family text, pair text, bytes bigint)'
        ' SERVER %I OPTIONS (schema_name ''bqx'', table_name ''own_size'', updatable ''false'')', 'size_on_' || node, server);
    EXECUTE format('CREATE FOREIGN TABLE bqx.%I (pair text, month date, bars bigint, revision bigint)'
        ' SERVER %I OPTIONS (schema_name ''bqx'', table_name ''related_month'', updatable ''false'')',
        'related_month_on_' || node, server);

    EXECUTE format('CREATE FOREIGN TABLE bqx.%I (is_exact boolean, pair text, month date, noted bigint, found text)'
        ' SERVER %I OPTIONS (schema_name ''bqx'', table_name ''own_miscounted_month'', updatable ''false'')',
        'miscounted_on_' || node, server);

    found := bqx.call_node(node, 'describe_node');
    wrong := CASE
        WHEN (found->>'is_front')::boolean THEN 'it is a front itself'
        WHEN found->>'engine' <> 'server' THEN 'no Java runs in it'
        WHEN found->'stages' <> bqx.own_stages() THEN
            format('its stages are %s, those here %s', found->'stages', bqx.own_stages())
    END;
    IF is_first AND wrong IS NULL THEN
        -- A server that has grown becomes a front's first node: what was chosen there holds from now on.
        UPDATE bqx.setting s SET value = found->>'baseline_date' WHERE s.name = 'baseline_date';
        FOR one IN
            SELECT f->>'family' AS family, ARRAY(SELECT jsonb_array_elements_text(f->'windows')::int) AS windows,
                (f->>'enabled')::boolean AS enabled
            FROM jsonb_array_elements(found->'families') f
        LOOP
            UPDATE bqx.feature f SET windows = one.windows, enabled = one.enabled WHERE f.family = one.family;
            PERFORM bqx.define_family(one.family) WHERE one.enabled;
        END LOOP;
    END IF;
    wrong := coalesce(wrong, CASE
        WHEN found->>'baseline_date' <> bqx.default_baseline_date()::text THEN
            format('its baseline_date is %s, here it is %s', found->>'baseline_date', bqx.default_baseline_date())
    END, (
        SELECT format('windows of %s are %s, here they are %s', f.family, n.windows, to_jsonb(f.windows))
        FROM bqx.feature f
        JOIN jsonb_to_recordset(found->'families') n (family text, windows jsonb) ON n.family = f.family
        WHERE n.windows <> to_jsonb(f.windows) ORDER BY f.family_no LIMIT 1
    ), (
        SELECT format('pair %s has bars there and is on node %s', p.pair, p.node)
        FROM bqx.pair_node p
        JOIN jsonb_to_recordset(found->'pairs') n (pair text, has_bars boolean) ON n.pair = p.pair AND n.has_bars
        ORDER BY p.pair LIMIT 1
    ), (
        SELECT format('families of the market are computed there, and on node %s', p.node)
        FROM bqx.pair_node p WHERE p.pair = 'market' AND (found->>'has_market')::boolean
    ));
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'database "%" on %:% can not be a node: %', dbname, host, port, wrong
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;

    PERFORM bqx.call_node(node, 'enable_family', jsonb_build_object('family', f.family, 'enabled', true))
    FROM bqx.feature f
    JOIN jsonb_to_recordset(found->'families') n (family text, enabled boolean) ON n.family = f.family
    WHERE f.enabled AND NOT n.enabled;
    PERFORM bqx.call_node(node, 'add_pair', jsonb_build_object('base', p.base, 'quote', p.quote), p.pair)
    FROM bqx.pair p
    WHERE p.pair NOT IN (SELECT n->>'pair' FROM jsonb_array_elements(found->'pairs') n)
    ORDER BY p.pair_no;
    PERFORM bqx.add_pair(n.pair, n.base, n.quote)
    FROM jsonb_to_recordset(found->'pairs') n (pair text, base text, quote text)
    WHERE NOT EXISTS (SELECT FROM bqx.pair p WHERE p.pair = n.pair);
    PERFORM bqx.define_correlation(c.target, c.features, c.windows)
    FROM jsonb_to_recordset(found->'correlations') c (target text, features text[], windows int[])
    WHERE is_first;
    PERFORM bqx.call_node(node, 'define_correlation',
        jsonb_build_object('target', c.target, 'features', c.features, 'windows', c.windows))
    FROM bqx.correlation c
    ORDER BY c.correlation_no;
    INSERT INTO bqx.acknowledged_gap (pair, from_time, to_time, note, role_name, acknowledged_at)
    SELECT g.pair, g.from_time, g.to_time, g.note, g.role_name, g.acknowledged_at
    FROM jsonb_to_recordset(found->'acknowledged') g (
        pair text, from_time timestamptz, to_time timestamptz, note text, role_name text, acknowledged_at timestamptz)
    ON CONFLICT DO NOTHING;
    PERFORM bqx.place_pairs(node,
        ARRAY(SELECT n.pair FROM jsonb_to_recordset(found->'pairs') n (pair text, has_bars boolean) WHERE n.has_bars)
        || ARRAY(SELECT 'market' WHERE (found->>'has_market')::boolean));
    PERFORM bqx.note_months(NULL);
END
$$;
COMMENT ON FUNCTION bqx.add_node IS
    'Makes a migrated database a node of this front: what it needs to be reached is kept in a foreign server, the'
    ' password in the user mapping alone; options are further ones of libpq. The node gets pairs and families that it'
    ' lacks. The first one gives its windows, its enabled families and its baseline_date to the front. Pairs that'
    ' have bars there live there from now on. For the owner of the schema and superusers alone.';
