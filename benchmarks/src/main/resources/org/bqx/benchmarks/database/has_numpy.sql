CREATE OR REPLACE FUNCTION bench.has_numpy() RETURNS boolean
LANGUAGE plpython3u AS $$
try:
    import numpy.lib.stride_tricks
    return True
except ImportError:
    return False
$$;
