-- Sessions of this database join families partition by partition: a day's join then reads that day's months alone,
-- where it else reads every month of the second family. Only where nobody has chosen, and by a role that may; doctor
-- tells the others.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_settings WHERE name = 'enable_partitionwise_join' AND setting = 'off' AND source = 'default')
        AND (SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database())
    THEN
        EXECUTE format('ALTER DATABASE %I SET enable_partitionwise_join = on', current_database());
    END IF;
END
$$;
