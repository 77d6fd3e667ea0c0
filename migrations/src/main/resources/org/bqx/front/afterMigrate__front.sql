-- For each session that reads all nodes at once: aggregates and joins of a pair's tables are its node's to compute, and
-- to compile what is left takes seconds. A client that is gone is noticed within a second, so that its node stops, too.
DO $$
DECLARE
    setting text;
BEGIN
    FOREACH setting IN ARRAY ARRAY['enable_partitionwise_aggregate = on', 'enable_partitionwise_join = on', 'jit = off',
        'client_connection_check_interval = ''1s''']
    LOOP
        EXECUTE format('ALTER DATABASE %I SET %s', current_database(), setting);
    END LOOP;
END
$$;
